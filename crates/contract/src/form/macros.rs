//! Three ways to declare a typed term: a record of fields, a choice of codes, an alternative of
//! records. Each gives the type, its JSON form, its JSON Schema and its reading from a file.

/// A record: every field is read, every problem reported.
macro_rules! record {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$field_meta:meta])* pub $field:ident: $ty:ty, )* }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[derive(schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $( $(#[$field_meta])* pub $field: $ty, )* }

        impl $crate::form::Form for $name {
            fn read(
                node: &$crate::form::Node,
                path: &str,
                problems: &mut alloc::vec::Vec<$crate::form::Problem>,
            ) -> Option<Self> {
                let known = [$( stringify!($field) ),*];
                if !$crate::form::check_table(node, &known, path, problems) {
                    return None;
                }
                $( let $field = $crate::form::field(node, stringify!($field), path, problems); )*
                Some(Self { $( $field: $field?, )* })
            }
        }
    )* };
}

/// A choice between codes.
macro_rules! choice {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $code:literal, )* }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $( $(#[$variant_meta])* #[serde(rename = $code)] $variant, )* }

        impl $name {
            /// Every value with its code.
            pub const ALL: &'static [(&'static str, Self)] = &[$( ($code, Self::$variant) ),*];

            /// The code that stands in files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )* }
            }
        }

        impl $crate::form::Form for $name {
            fn read(
                node: &$crate::form::Node,
                path: &str,
                problems: &mut alloc::vec::Vec<$crate::form::Problem>,
            ) -> Option<Self> {
                $crate::form::read_choice(node, Self::ALL, path, problems)
            }
        }
    )* };
}

/// An alternative between records, told apart by the key `type`.
macro_rules! alternative {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident($record:ty) = $code:literal, )*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(tag = "type")]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $code)] $variant($record), )*
        }

        impl $crate::form::Form for $name {
            fn read(
                node: &$crate::form::Node,
                path: &str,
                problems: &mut alloc::vec::Vec<$crate::form::Problem>,
            ) -> Option<Self> {
                let code = $crate::form::read_alternative(node, &[$( $code ),*], path, problems)?;
                let inner = node.without_alternative();
                match code {
                    $( $code => <$record>::read(&inner, path, problems).map(Self::$variant), )*
                    _ => None,
                }
            }
        }
    )* };
}

pub(crate) use {alternative, choice, record};
