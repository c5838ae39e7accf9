//! How tables of words are written: each word stands in both languages side by side, and a table
//! that misses a variant does not compile. The next crate writes its tables with the same macros.

/// Text of the language that a [`Words`](crate::words::Words) speaks. The two literals stand side
/// by side and name the same values; tests check that.
#[macro_export]
macro_rules! say {
    ($words:expr, $zh:literal, $en:literal $(,)?) => {
        match $words.lang {
            $crate::words::Lang::Zh => format!($zh),
            $crate::words::Lang::En => format!($en),
        }
    };
}

/// Names of the variants of a type; a variant whose code in JSON is not its name in snake case has
/// it after `=`. A crate that owns neither the type nor
/// [`Named`](crate::words::Named) writes a type of its own in brackets after it.
#[macro_export]
macro_rules! names {
    (@code $variant:ident) => { $crate::words::Code::Variant(stringify!($variant)) };
    (@code $variant:ident $code:literal) => { $crate::words::Code::Written($code) };
    ($type:ty $([$home:ty])? {
        $( $variant:ident $( = $code:literal )? => $zh:literal, $en:literal; )*
    }) => {
        impl $crate::words::Named $(<$home>)? for $type {
            const TABLE: &'static [$crate::words::Word] = &[
                $( $crate::words::Word {
                    code: $crate::names!(@code $variant $( $code )?), zh: $zh, en: $en,
                } ),*
            ];

            fn name(&self, lang: $crate::words::Lang) -> &'static str {
                match (self, lang) {
                    $(
                        (Self::$variant { .. }, $crate::words::Lang::Zh) => $zh,
                        (Self::$variant { .. }, $crate::words::Lang::En) => $en,
                    )*
                }
            }
        }
    };
}

/// Names of codes that stand as text in terms, refusals and statements.
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $( $code:literal: $zh:literal, $en:literal; )* }) => {
        $(#[$meta])*
        pub(crate) static $name: $crate::words::Codes = $crate::words::Codes(&[
            $( $crate::words::Word {
                code: $crate::words::Code::Written($code), zh: $zh, en: $en } ),*
        ]);
    };
}

/// Sentences for the variants of a type: a table that the compiler keeps complete. The values that
/// a sentence names are the fields of the variant, or what stands in brackets.
#[macro_export]
macro_rules! sentences {
    ($(#[$meta:meta])* $name:ident($words:ident, $type:ident) { $(
        $variant:ident
        $( ( $($part:pat_param),* ) )?
        $( { $($field:ident),* } )?
        $( [ $($value:ident = $make:expr),* $(,)? ] )?
        => $zh:literal, $en:literal;
    )* }) => {
        $(#[$meta])*
        pub(super) fn $name($words: &$crate::words::Words, value: &$type) -> String {
            match value { $(
                $type::$variant $( ( $($part),* ) )? $( { $($field,)* .. } )? => {
                    $( $( let $value = $make; )* )?
                    $crate::say!($words, $zh, $en)
                }
            )* }
        }
    };
}
