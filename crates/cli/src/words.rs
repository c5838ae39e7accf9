//! Fixed texts of the command line: progress, closing lines. One row each, both languages. What
//! the other faces say too stands in `document::words` and `server::words`.

use document::names;
pub(crate) use document::words::Words;
pub(crate) use server::words::DeskWords;

/// Declares the texts and their words.
macro_rules! texts {
    ($( $variant:ident => $zh:literal, $en:literal; )*) => {
        /// A fixed text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Text { $( $variant, )* }

        names! { Text { $( $variant => $zh, $en; )* } }
    };
}

texts! {
    DryRun => "试运行：没有记录任何内容", "a dry run: nothing was recorded";
    Importing => "导入中", "importing";
    NothingNew => "没有新记录；重复导入不会改变任何结果", "nothing new; the same file twice changes nothing";
}
