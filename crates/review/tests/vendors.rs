//! Patterns of vendors' papers, in words of our own, zh and en: who is permitted what, figures
//! beside content, exceptions that stand in lists, windows that are none.

use review::{Playbook, Side, Status, Value, review};

use crate::{check, parameter};

#[test]
fn a_purpose_may_stand_before_the_right_that_serves_it() {
    check(
        "pb-02",
        &[
            (
                "As far as needed to run the Services, to protect you and to improve Acme's products, you grant Acme a licence to use your content.",
                Status::Adverse,
            ),
            ("To improve our models, we may use your prompts.", Status::Adverse),
            ("为了改进平台的产品,我们会使用您上传的内容。", Status::Adverse),
            (
                "You grant us a licence to your content. The rights you grant are for the limited purpose of providing and improving our services.",
                Status::Adverse,
            ),
        ],
    );
}

#[test]
fn who_lets_the_vendor_act_does_not_act() {
    check(
        "pb-02",
        &[
            (
                "Customer instructs Vendor to process Customer Data to provide, support and improve the Services.",
                Status::Adverse,
            ),
            ("You allow us to use your content to improve our products.", Status::Adverse),
            (
                "You grant us a licence to show your content, as you may specify, and to use it for improving our Services.",
                Status::Adverse,
            ),
            ("您允许我们使用您的内容优化产品。", Status::Adverse),
            (
                "They do not use your prompts to train their models. Subject to our policy we may use your prompts for product improvement.",
                Status::Adverse,
            ),
            (
                "Our third-party providers host the models. They do not use your prompts to train them.",
                Status::Missing,
            ),
        ],
    );
}

#[test]
fn a_permission_that_is_asked_for_first_is_a_fallback() {
    check(
        "pb-02",
        &[
            (
                "For users of the free plan, data collected by the assistant may be used for training our models if you allow it in your settings.",
                Status::MetByFallback,
            ),
            (
                "Vendor will not use Customer Content to train models unless an administrator affirmatively enables it.",
                Status::MetByFallback,
            ),
        ],
    );
}

#[test]
fn figures_about_the_use_lower_a_ban_and_content_without_names_breaks_it() {
    check(
        "pb-02",
        &[
            (
                "Vendor does not use Customer Content to train models. Vendor may use aggregated data about use of the Services to improve the Services.",
                Status::MetByFallback,
            ),
            (
                "Vendor does not use Customer Content to train models. Vendor may use anonymised Customer Content to improve the Services.",
                Status::Adverse,
            ),
            (
                "Vendor shall not use Customer Data for any purpose other than to perform, support and improve the Service.",
                Status::Adverse,
            ),
            ("We may change Customer Content to enhance your website's speed.", Status::Missing),
        ],
    );
}

#[test]
fn a_term_of_the_documents_own_for_data_counts_as_data() {
    check(
        "pb-02",
        &[
            (
                "We record your prompts, your files and related data (“Exchanges”). We use Exchanges to develop and improve our machine learning.",
                Status::Adverse,
            ),
            (
                "We provide hosting of your data and content (“Hosting”). We develop and improve the Hosting.",
                Status::Missing,
            ),
        ],
    );
}

#[test]
fn items_with_bullets_hang_on_their_lead() {
    let rows = [
        (
            "您授权我们按以下范围使用您的内容:\n\n- 存储和展示\n- 用于改进产品的功能\n",
            Status::Adverse,
        ),
        (
            "You grant us a licence to your content for:\n\n- Hosting it\n- Improving our services\n",
            Status::Adverse,
        ),
        ("You may not:\n\n- Train models on the Output\n- Resell the service\n", Status::Missing),
    ];
    for (text, expected) in rows {
        let wording = reading::read(text.as_bytes(), "terms.md").expect("it is read").wording;
        let review = review(&wording, &Playbook::ai_vendor(), Side::Customer);
        assert_eq!(review.summary.clauses["pb-02"], expected, "{text}");
    }
}

#[test]
fn athletes_train_no_models() {
    check("pb-02", &[("极端训练前请咨询医生,我们会使用您的对话记录提醒您。", Status::Missing)]);
}

#[test]
fn a_perpetual_right_to_change_content_covers_training() {
    check(
        "pb-02",
        &[("用户发布的全部内容,平台拥有永久的免费使用权,并可复制、修订、改写。", Status::Adverse)],
    );
}

#[test]
fn a_certificate_of_another_or_of_the_future_is_none() {
    let notice = "We notify you of a data breach within 72 hours of becoming aware of it.";
    check(
        "pb-03",
        &[
            (&format!("{notice} We hold a SOC 2 Type II report."), Status::MetByFallback),
            (&format!("{notice} Our data centres are ISO 27001 certified."), Status::Below),
            (&format!("{notice} We are working towards SOC 2 Type II."), Status::Below),
            (&format!("{notice} You get our SOC 2 report (when available)."), Status::Below),
        ],
    );
}

#[test]
fn hours_of_a_notice_may_stand_in_a_list_and_those_to_an_authority_count_not() {
    let text = "Upon becoming aware of a data breach, the Processor shall:\n(a) notify the Controller within 48 hours;\n(b) help.\n\nThe Processor shall assist the Controller in notifying the regulator of a data breach within 30 days.";
    assert_eq!(parameter("pb-03", "notice_hours", text), Some(Value::Whole(48)));
    assert_eq!(parameter("pb-03", "trigger", text), Some(Value::Word("aware".to_owned())));
}

#[test]
fn a_right_to_stop_for_a_cause_is_no_right_at_will() {
    check(
        "pb-04",
        &[
            (
                "The service is provided as is. We may suspend the service at any time without notice if you breach these terms.",
                Status::Missing,
            ),
            (
                "The service is provided as is. We may discontinue the service at any time without notice.",
                Status::Adverse,
            ),
            ("平台不保证100%可用性。", Status::Missing),
        ],
    );
    check(
        "pb-07",
        &[
            (
                "We may terminate your account at any time without notice if we reasonably suspect fraud.",
                Status::Missing,
            ),
            (
                "We may terminate your account at any time without notice for any reason.",
                Status::Adverse,
            ),
            ("We may terminate the beta features at any time without notice.", Status::Missing),
            (
                "You agree that any termination of your access may be without prior notice.",
                Status::Adverse,
            ),
        ],
    );
}

#[test]
fn the_first_deadline_of_a_claim_is_the_customers() {
    let text = "Uptime is at least 99.9% a month. To receive a service credit you must request it within 30 days. We will answer a request for a service credit within 15 business days.";
    assert_eq!(parameter("pb-04", "claim_days", text), Some(Value::Whole(30)));
}

#[test]
fn exceptions_of_a_cap_may_stand_in_a_list() {
    let cap = "Limitation of Liability\n\nEach party's total liability is limited to the fees paid in the 12 months before the claim.\n\nNothing in this agreement limits either party's liability for:\n(a) fraud;\n(b) its duties to indemnify.";
    check(
        "pb-06",
        &[
            (cap, Status::MetByFallback),
            (
                "The liability of Customer or the Provider shall not exceed the greater of US$100 or the fees paid in the 12 months before the claim, except for indemnification.",
                Status::MetByFallback,
            ),
            ("Liability is limited to the amount of the average monthly payment.", Status::Adverse),
            ("我们不对因系统故障导致的数据丢失承担责任。", Status::Adverse),
        ],
    );
    let text = "Except for breach of confidentiality (but excluding claims about Customer Content) and indemnities, each party's aggregate liability shall not exceed the fees paid or payable in the 12 months before the claim. Vendor shall indemnify Customer against claims of infringement.";
    check("pb-06", &[(text, Status::MetByFallback)]);
}

#[test]
fn a_window_is_the_customers_time_and_nothing_else() {
    check(
        "pb-07",
        &[
            (
                "Upon request we will provide a copy of your content after termination. You must make this request within 90 days of termination.",
                Status::MetByFallback,
            ),
            (
                "Within 30 days after termination the Processor shall delete and/or return all Personal Data.",
                Status::Below,
            ),
            (
                "On request made at least 30 days prior to termination the Vendor shall return Customer Data.",
                Status::Below,
            ),
            (
                "During the Subscription Term or within 60 days thereafter Customer may export its content.",
                Status::MetByFallback,
            ),
            (
                "If this agreement ends, all rights and access to the Services will terminate, including access to Customer Data.",
                Status::Adverse,
            ),
            (
                "终止后,我们将无法继续向您提供任何服务,也无义务为您保留账号中的信息。",
                Status::Adverse,
            ),
        ],
    );
    let text = "Exit\n\nUpon termination Provider provides a transition period of 90 days during which:\n(a) Customer may export Customer Data;\n(b) the export of data comes as CSV or JSON;\n(c) Provider cooperates in the migration.";
    check("pb-07", &[(text, Status::Met)]);
}

#[test]
fn rights_are_given_in_more_words_than_grant() {
    check(
        "pb-02",
        &[
            (
                "If you choose to post content, you give us permission to use it to improve our site.",
                Status::Adverse,
            ),
            (
                "You agree that this licence includes the right for us to analyse your content and to train our models.",
                Status::Adverse,
            ),
        ],
    );
    check(
        "pb-04",
        &[("本应用按现状提供。我们保留随时暂停本应用的权利,无论是否通知。", Status::Adverse)],
    );
    check(
        "pb-07",
        &[
            ("我们可随时因违反条款或其他原因终止您的账号,有或无通知。", Status::Adverse),
            ("我们可因您违反条款随时终止您的账号。", Status::Missing),
        ],
    );
    check(
        "pb-03",
        &[(
            "Vendor shall notify you without undue delay of the discovery of a personal information breach.",
            Status::Below,
        )],
    );
}

#[test]
fn a_right_of_both_is_no_whim_and_a_card_is_no_credit() {
    check(
        "pb-07",
        &[
            (
                "You and Vendor may each terminate the free plan at any time without cause.",
                Status::Missing,
            ),
            (
                "Vendor may at any time terminate this agreement if and when Customer is late.",
                Status::Missing,
            ),
            (
                "If you are a user outside the Union, Vendor may terminate the Services at any time without prior notice.",
                Status::Adverse,
            ),
            ("有下列情形之一的,平台可随时终止服务:用户违反本协议。", Status::Missing),
        ],
    );
    check(
        "pb-04",
        &[(
            "It is impossible to reach 100% availability. You may pay by credit card.",
            Status::Missing,
        )],
    );
}

#[test]
fn a_consent_belongs_to_what_it_stands_with() {
    check(
        "pb-02",
        &[
            (
                "You grant us a licence to your content to improve our products, except that we sell it to nobody without your consent.",
                Status::Adverse,
            ),
            (
                "We do not use Customer Data to train models without the customer's explicit, written opt-in consent.",
                Status::Met,
            ),
            (
                "You grant us a licence to store and process your content solely to operate and provide the Service.",
                Status::MetByFallback,
            ),
        ],
    );
    check(
        "pb-07",
        &[
            (
                "We are also free to terminate your account for any reason in our discretion.",
                Status::Adverse,
            ),
            (
                "We are not liable for losses from the termination of the service or a failure to export your content.",
                Status::Missing,
            ),
        ],
    );
}
