//! A paper as one page of HTML that needs no other file and runs no script.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use units::Lang;

use super::Paper;

const PAGE: &str = include_str!("page.html");

/// The paper as one page of HTML.
///
/// # Panics
/// Never: the template is part of the program and its values are complete.
#[must_use]
pub fn html(paper: &Paper, lang: Lang) -> String {
    let values = context! {
        lang => match lang { Lang::Zh => "zh-CN", Lang::En => "en" },
        title => &paper.title,
        name => &paper.name,
        parts => minijinja::Value::from(Serde(&paper.parts)),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", PAGE).expect("the template is part of the program");
    environment.get_template("page").expect("it was added").render(values).expect("complete")
}
