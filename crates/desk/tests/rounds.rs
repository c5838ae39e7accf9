//! Measures of a model by the signed standards, against fractions worked out by hand.

use std::collections::BTreeMap;

use contract::terms::{Average, ModelMetric, ModelStandard};
use desk::rounds::{ClassCount, measured};
use units::Fraction;

fn counts(rows: &[(&str, u64, u64, u64)]) -> BTreeMap<String, ClassCount> {
    let row = |&(class, support, predicted, hits): &(&str, u64, u64, u64)| {
        (class.to_owned(), ClassCount { support, predicted, hits })
    };
    rows.iter().map(row).collect()
}

fn standard(metric: ModelMetric, average: Average, class: Option<&str>) -> ModelStandard {
    let threshold = "50%".parse().expect("a share");
    ModelStandard { metric, average, class: class.map(str::to_owned), threshold }
}

#[test]
fn measures_are_fractions_of_counts() {
    use Average::{Class, Macro, Micro};
    use ModelMetric::{Accuracy, F1, Precision, Recall};
    // Three of four cats and two of three dogs; an owl that nobody has was given twice.
    let counts = counts(&[("cat", 4, 3, 3), ("dog", 3, 2, 2), ("owl", 0, 2, 0), ("yak", 0, 0, 0)]);
    let fraction = |num, den| Some(Fraction::new(num, den));
    let rows = [
        (Accuracy, Micro, None, fraction(5, 7)),
        (Recall, Micro, None, fraction(5, 7)),
        (Precision, Micro, None, fraction(5, 7)),
        (F1, Micro, None, fraction(5, 7)),
        // (3/4 + 2/3 + 0) / 3: the yak is in no mean.
        (Recall, Macro, None, fraction(17, 36)),
        (Precision, Macro, None, fraction(2, 3)),
        // (6/7 + 4/5 + 0) / 3
        (F1, Macro, None, fraction(58, 105)),
        (Recall, Class, Some("cat"), fraction(3, 4)),
        (Precision, Class, Some("owl"), fraction(0, 1)),
        (Recall, Class, Some("owl"), None),
        (Recall, Class, Some("cow"), None),
    ];
    for (metric, average, class, want) in rows {
        let standard = standard(metric, average, class);
        assert_eq!(measured(&standard, &counts), want, "{standard:?}");
    }
    assert_eq!(measured(&standard(F1, Macro, None), &BTreeMap::new()), None);
}
