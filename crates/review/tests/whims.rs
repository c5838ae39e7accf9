//! Rights that hang on nobody's fault, purposes that stand in lists and cells, limits that say what
//! is owed: families of words that lawyers use, zh and en, each beside what turns it. The words are
//! our own.

use review::{Playbook, Side, Status, Value, review};

use crate::{check, parameter};

/// The same for tables, which Markdown has.
fn read(text: &str) -> Status {
    let reading = reading::read(text.as_bytes(), "contract.md").expect("Markdown is read");
    review(&reading.wording, &Playbook::ai_vendor(), Side::Customer).summary.clauses["pb-02"]
}

#[test]
fn an_end_at_the_vendors_whim_is_adverse_in_many_words() {
    check(
        "pb-07",
        &[
            (
                "We may stop providing the Services to you at any time and for any reason.",
                Status::Adverse,
            ),
            (
                "We reserve the right to suspend or discontinue the Service in our sole discretion.",
                Status::Adverse,
            ),
            (
                "We reserve the right to withdraw the platform, or any part of it, without prior notice.",
                Status::Adverse,
            ),
            (
                "Vendor may terminate this Agreement for its convenience at any time.",
                Status::Adverse,
            ),
            ("We can deactivate your account with or without cause.", Status::Adverse),
            ("We may close or disable your account at our discretion.", Status::Adverse),
            (
                "Vendor may, in its absolute discretion, revoke Customer's access to the Services.",
                Status::Adverse,
            ),
            (
                "We have the right to refuse service to anyone for any reason at any time.",
                Status::Adverse,
            ),
            (
                "Your access may be terminated or suspended by us at any time without notice.",
                Status::Adverse,
            ),
            ("We may cease to offer the Services whenever we see fit.", Status::Adverse),
            (
                "The Vendor shall be entitled to block the account at its own discretion and without giving reasons.",
                Status::Adverse,
            ),
            (
                "Your subscription may be cancelled at any time by us, for no reason at all.",
                Status::Adverse,
            ),
            ("我们有权随时终止本协议。", Status::Adverse),
            ("我们有权根据自身判断随时中止或终止向您提供服务。", Status::Adverse),
            ("平台有权单方解除本协议而无需说明理由。", Status::Adverse),
            ("本公司有权自行决定关闭您的账户。", Status::Adverse),
            ("平台可自行决定暂停或停止提供全部服务。", Status::Adverse),
            ("我们有权立即停止向用户提供服务,且无需事先通知。", Status::Adverse),
            ("用户理解并同意,平台有权随时变更、中断或终止部分或全部服务。", Status::Adverse),
            ("我们保留随时下线本服务的权利,恕不另行通知。", Status::Adverse),
            ("运营方可随时中断或终止服务,如用户对此有异议,可以书面提出。", Status::Adverse),
            ("服务终止后,我们没有义务向您返还任何数据。", Status::Adverse),
            (
                "We may end the Services at any time. If you do not agree, you may stop using them.",
                Status::Adverse,
            ),
            ("平台有权随时收回用户的账号。", Status::Adverse),
            ("本平台可不经通知停止服务。", Status::Adverse),
            ("我们有权在任何时候、以任何理由封禁您的账号。", Status::Adverse),
        ],
    );
}

#[test]
fn an_end_for_a_cause_by_the_customer_or_by_both_is_no_whim() {
    check(
        "pb-07",
        &[
            ("You may stop using the Services at any time and for any reason.", Status::Missing),
            ("You may close your account at any time in your sole discretion.", Status::Missing),
            ("Customer may terminate this Agreement for convenience at any time.", Status::Missing),
            ("We may not terminate this Agreement without cause.", Status::Missing),
            ("We will not discontinue the Service without prior notice.", Status::Missing),
            ("We may suspend your account if you breach these terms.", Status::Missing),
            ("We may deactivate your account if you violate the law.", Status::Missing),
            (
                "Either party may terminate this Agreement at any time for convenience.",
                Status::Missing,
            ),
            ("您可以随时注销账号。", Status::Missing),
            ("用户有权随时解除本协议。", Status::Missing),
            ("用户可随时停止使用本服务。", Status::Missing),
            ("未经通知,我们不得终止本协议。", Status::Missing),
            ("我们不会随时终止服务。", Status::Missing),
            ("如您违反本协议,我们有权立即停止提供服务。", Status::Missing),
            ("用户违反法律法规的,平台有权随时封禁其账号。", Status::Missing),
            (
                "We may, at our discretion, suspend accounts that violate these terms.",
                Status::Missing,
            ),
            (
                "We may block the account if the user, in our sole discretion, breaks the law.",
                Status::Missing,
            ),
            ("我们不能随时预见网络攻击等可能导致的服务中断。", Status::Missing),
            ("我们可能不另行通知,临时下线部分功能。", Status::Missing),
            (
                "If you breach these terms, we may take these steps:\n\n(a) we may warn you;\n\n(b) we may close your account without notice.",
                Status::Missing,
            ),
            (
                "If we believe that you broke these terms, we may act at any time in our discretion. Our steps include the following:\n\n(a) a warning;\n\n(b) closing your account, which we may do without notice.",
                Status::Missing,
            ),
            ("We may stop offering a means of payment at any time.", Status::Missing),
            ("双方均可随时解除本协议。", Status::Missing),
        ],
    );
}

#[test]
fn a_permission_to_improve_or_train_is_adverse_in_many_words() {
    check(
        "pb-02",
        &[
            (
                "By using the Services you agree that we may use your content to enhance our products.",
                Status::Adverse,
            ),
            (
                "By submitting User Content, you grant us a worldwide licence to use, copy and analyse it for research and development.",
                Status::Adverse,
            ),
            (
                "You grant us a licence to use your content for machine learning and artificial intelligence purposes.",
                Status::Adverse,
            ),
            (
                "You acknowledge that your prompts may be analysed to make our models better.",
                Status::Adverse,
            ),
            (
                "We may use Customer Data for research, analytics and product development.",
                Status::Adverse,
            ),
            (
                "You hereby permit us to use your uploads in order to refine our algorithms.",
                Status::Adverse,
            ),
            (
                "We may use your inputs and outputs to build new products and services.",
                Status::Adverse,
            ),
            (
                "Your content helps us improve our services, and we use it for that purpose.",
                Status::Adverse,
            ),
            (
                "Vendor may use Customer Content to test, tune and improve its models.",
                Status::Adverse,
            ),
            ("We use the information you provide to develop new features.", Status::Adverse),
            (
                "You grant us the following rights in your content:\n\n1. to host and display it;\n\n2. to improve, enhance and develop our products;\n\n3. to comply with law.",
                Status::Adverse,
            ),
            (
                "You grant us a licence to your content for these purposes:\n\n(a) providing the Services;\n\n(b) training our models;\n\n(c) security.",
                Status::Adverse,
            ),
            ("您授权我们将您上传的内容用于模型训练。", Status::Adverse),
            ("您同意我们可将您的输入内容用于优化模型和改进服务。", Status::Adverse),
            ("您在使用本服务时上传的内容,我们有权用于产品研发和算法优化。", Status::Adverse),
            (
                "用户授予平台一项免费的许可,平台可将用户内容用于研究、分析和改进产品。",
                Status::Adverse,
            ),
            ("我们可能会使用您的对话内容来提升模型效果。", Status::Adverse),
            ("您的输入和输出可能被用于改善我们的产品体验。", Status::Adverse),
            (
                "您授予我们以下权利:\n\n1. 存储和展示您的内容;\n\n2. 使用您的内容改进、优化我们的产品;\n\n3. 法律要求的其他用途。",
                Status::Adverse,
            ),
            ("用户许可平台为算法训练、产品优化之目的使用其上传的数据。", Status::Adverse),
        ],
    );
}

#[test]
fn a_denial_and_the_customers_own_right_are_no_permission() {
    check(
        "pb-02",
        &[
            ("We may not use your content to enhance our products.", Status::MetByFallback),
            (
                "Nothing in these terms permits us to use your prompts to train our models.",
                Status::Met,
            ),
            (
                "You do not grant us any licence to use your content to train our models.",
                Status::Met,
            ),
            ("You may use the output to improve your own products.", Status::Missing),
            (
                "You may use the Services to develop and train your own models with your data.",
                Status::Missing,
            ),
            (
                "You grant us a licence to use your content to provide the Services.",
                Status::Missing,
            ),
            ("您不授权我们将您上传的内容用于模型训练。", Status::Met),
            ("我们不会将您的输入内容用于优化模型和改进服务。", Status::Met),
            ("您可以使用输出内容改进您自己的产品。", Status::Missing),
            ("您可以将输出内容用于您自己的产品研发。", Status::Missing),
        ],
    );
}

#[test]
fn a_purpose_in_a_cell_needs_no_verb() {
    for (text, expected) in [
        (
            "| Data | Purpose |\n|---|---|\n| Your prompts | Service improvement |\n| E-mail | Log-in |\n",
            Status::Adverse,
        ),
        (
            "| Category of data | Why |\n|---|---|\n| Customer Content | Product development and analytics |\n",
            Status::Adverse,
        ),
        (
            "| 数据 | 目的 |\n|---|---|\n| 对话内容 | 模型优化 |\n| 手机号 | 登录 |\n",
            Status::Adverse,
        ),
        ("| 信息类型 | 用途 |\n|---|---|\n| 上传的图片和输入内容 | 服务改进 |\n", Status::Adverse),
        (
            "| Data | Purpose |\n|---|---|\n| Your prompts | Answering you |\n| Usage statistics | Service improvement |\n",
            Status::Missing,
        ),
        (
            "| Data | Purpose |\n|---|---|\n| Your prompts | Not used for service improvement |\n",
            Status::Missing,
        ),
        (
            "| 数据 | 目的 |\n|---|---|\n| 对话内容 | 生成回答 |\n| 设备信息 | 服务改进 |\n",
            Status::Missing,
        ),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn the_most_that_is_owed_is_a_cap() {
    let months = |text: &str| parameter("pb-06", "cap_months", text);
    for text in [
        "The most we owe you is what you paid us in the last 3 months.",
        "The most that Vendor will have to pay under this Agreement is the fees of the preceding 3 months.",
        "You can recover from us only direct damages up to the amount you paid in the past 3 months.",
        "Our liability ends at the fees you paid in the 3 months before the claim.",
        "We will never owe you more than you paid in the three months before the claim arose.",
        "The maximum amount for which we are liable is the fees for the preceding 3 months.",
        "我们向您支付的赔偿最多为您前三个月支付的服务费。",
        "我们的赔偿总额以您前三个月已支付的费用为限。",
    ] {
        assert_eq!(months(text), Some(Value::Whole(3)), "{text}");
    }
    check(
        "pb-06",
        &[
            ("The most we owe you is what you paid us in the last 3 months.", Status::Adverse),
            ("The most we owe you is USD 50.", Status::Adverse),
            ("The most you owe us is the price of the plan you chose.", Status::Missing),
        ],
    );
}
