//! What papers of vendors that no rule had met taught: operators under other names, things that
//! only look like a right or a permission, and whose liability a cap limits. The words are our own.

use review::{Status, Value};

use crate::{check, parameter};

#[test]
fn an_operator_is_known_under_the_name_that_its_paper_gives_it() {
    check(
        "pb-07",
        &[
            (
                "您与某科技有限公司（以下简称“开发者”）订立本协议。开发者有权随时终止服务，无需提前通知您。",
                Status::Adverse,
            ),
            // Where 我们 speaks, 开发者 is who builds on the platform.
            (
                "我们为开发者提供接口。用户应遵守规则。开发者有权随时终止本协议。开发者将自行备份。我们、我们、我们。",
                Status::Missing,
            ),
            (
                "pebble, Inc. runs the registry. pebble will answer mail. pebble may ask questions. \
                 pebble may discontinue the Service at any time without notice.",
                Status::Adverse,
            ),
            (
                "7Lakes will host it. 7Lakes may help. 7Lakes may terminate the Service at any time \
                 for any reason.",
                Status::Adverse,
            ),
        ],
    );
}

#[test]
fn notice_is_denied_in_many_words() {
    check(
        "pb-07",
        &[
            ("We may suspend or terminate the Service without warning.", Status::Adverse),
            ("We may discontinue the Service without informing you.", Status::Adverse),
            ("我们有权终止服务，无须另行通知。", Status::Adverse),
            ("如您违反本协议，我们有权终止服务，无须另行通知。", Status::Missing),
        ],
    );
}

#[test]
fn staff_and_names_train_no_model() {
    check(
        "pb-02",
        &[
            (
                "Vendor ensures that its personnel receive adequate training on personal data.",
                Status::Missing,
            ),
            ("Harbour Training & Advice processes your personal data.", Status::Missing),
            ("Vendor's personnel may use Customer Data to train its models.", Status::Adverse),
        ],
    );
}

#[test]
fn a_product_without_an_article_is_improved_as_well() {
    check(
        "pb-02",
        &[
            ("We use your data to provide and improve Service.", Status::Adverse),
            ("我们可能将上述信息用于以下目的：\n- 维护和优化 Lumen 服务", Status::Adverse),
            ("我们收集的用户数据，用于应用优化与问题排查。", Status::Adverse),
            ("我们不会将上述信息用于以下目的：\n- 维护和优化 Lumen 服务", Status::MetByFallback),
        ],
    );
}

#[test]
fn what_binds_third_parties_limits_the_vendor_in_nothing() {
    check(
        "pb-02",
        &[
            (
                "These third parties may not use your personal data for any other purpose.",
                Status::Missing,
            ),
            ("Vendor may not use your personal data for any other purpose.", Status::MetByFallback),
        ],
    );
}

#[test]
fn content_that_is_handed_in_on_somebodys_behalf_makes_no_model_the_customers() {
    let grant = |by: &str| {
        format!(
            "You grant us a worldwide license to use and modify content provided {by} to improve \
             our services."
        )
    };
    check(
        "pb-02",
        &[
            (&grant("by you or on your behalf"), Status::Adverse),
            (&grant("by you"), Status::Adverse),
        ],
    );
}

#[test]
fn what_is_fetched_or_only_tried_is_no_export() {
    let at_will = "We may terminate your account at any time for any reason.";
    for aside in [
        "The available download will expire after the end of the subscription with its content.",
        "We will try to give notice before we close your account, so that you can retrieve content.",
    ] {
        check("pb-07", &[(&format!("{at_will} {aside}"), Status::Adverse)]);
    }
    let exported = "You may retrieve your content before your account is closed.";
    check("pb-07", &[(&format!("{at_will} {exported}"), Status::Below)]);
}

#[test]
fn data_go_back_in_many_words() {
    check(
        "pb-07",
        &[
            (
                "Vendor shall delete (or, at Customer's option, return) all Personal Data after \
                 the end of the Services.",
                Status::Below,
            ),
            (
                "After the purposes have been fulfilled, Vendor shall either delete or return all \
                 Personal Data.",
                Status::Below,
            ),
            (
                "On termination, customer data is exported on request and deleted within 30 days.",
                Status::Below,
            ),
            (
                "After termination Customer may retrieve or delete its data for 30 days.",
                Status::MetByFallback,
            ),
        ],
    );
    let days = parameter(
        "pb-07",
        "export_days",
        "Customer may reclaim the personal data within 14 days after termination.",
    );
    assert_eq!(days, Some(Value::Whole(14)));
}

#[test]
fn a_preview_is_the_service_where_the_paper_is_about_it() {
    let end = "We may terminate your access to the Beta Product at any time for any reason.";
    let long = "The Service is described in its documentation, which says what it does. ".repeat(6);
    check(
        "pb-07",
        &[
            (&format!("Terms of the Beta Product. {end}"), Status::Adverse),
            (&format!("Terms of the Service. {long}{end}"), Status::Missing),
        ],
    );
}

#[test]
fn a_cap_is_mutual_by_its_own_part_of_the_sentence() {
    check(
        "pb-06",
        &[
            (
                "(I) Neither party is liable for indirect damages; and (II) the total liability of \
                 Vendor shall not exceed the fees paid in the 12 months before the claim.",
                Status::Adverse,
            ),
            (
                "Neither side's total liability will exceed the fees paid in the 12 months before \
                 the claim. This limit does not apply to liability for breach of confidentiality.",
                Status::MetByFallback,
            ),
        ],
    );
    let less = "Vendor's liability shall not exceed the fees paid in the past 12 months or $100, \
                whichever is less.";
    assert_eq!(parameter("pb-06", "cap_choice", less), Some(Value::Word("lesser".to_owned())));
}

#[test]
fn no_compensation_is_no_liability_unless_the_customer_is_at_fault() {
    check(
        "pb-06",
        &[
            ("因使用本服务导致的数据丢失或其他损失，我们不承担赔偿责任。", Status::Adverse),
            ("因您的操作导致的损失，我们不承担赔偿责任。", Status::Below),
        ],
    );
}

#[test]
fn durability_and_documents_are_no_level() {
    let level = "服务等级协议\n本公司承诺服务可用性不低于99.95%。低于该水平的，按月费的10%赔付。";
    let uptime = parameter("pb-04", "uptime", &format!("{level}\n数据持久性为99.9999999%。"));
    assert_eq!(uptime, Some(Value::Exact("99.95".parse().expect("a decimal"))));
    let cap = parameter("pb-04", "credit_cap", &format!("{level}\n赔偿金额不超过月费的50%。"));
    assert_eq!(cap, Some(Value::Exact("50".parse().expect("a decimal"))));
    check(
        "pb-04",
        &[
            ("Availability is described in supporting documentation.", Status::Missing),
            (
                "The site is provided as is. We may suspend or discontinue the site without notice.",
                Status::Adverse,
            ),
        ],
    );
}

#[test]
fn a_short_clause_under_a_number_is_read_like_one_without() {
    check(
        "pb-02",
        &[
            ("Vendor may use Customer Data to improve its Models.", Status::Adverse),
            ("1. Vendor may use Customer Data to improve its Models.", Status::Adverse),
            ("1. 供应商可以使用客户数据训练模型", Status::Adverse),
            ("1. Use of Data\n1.1 Vendor may use Customer Data to train Models.", Status::Adverse),
        ],
    );
}
