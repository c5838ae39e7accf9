//! The report as one page of HTML that needs no other file and runs no script.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use units::Lang;

use super::{Report, parts, title};

const PAGE: &str = include_str!("page.html");

/// The report as one page of HTML.
///
/// # Panics
/// Never: the template is part of the program and its values are complete.
#[must_use]
pub fn html(report: &Report<'_>, lang: Lang) -> String {
    let values = context! {
        lang => match lang { Lang::Zh => "zh-CN", Lang::En => "en" },
        title => title(lang),
        name => report.name,
        parts => minijinja::Value::from(Serde(parts(report, lang))),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", PAGE).expect("the template is part of the program");
    environment.get_template("page").expect("it was added").render(values).expect("complete")
}
