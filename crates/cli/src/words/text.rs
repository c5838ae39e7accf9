//! Fixed texts: short answers, progress, closing lines. One row each, both languages.

/// Declares the texts and their words.
macro_rules! texts {
    ($( $variant:ident => $zh:literal, $en:literal; )*) => {
        /// A fixed text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant is documented by its words")]
        pub enum Text { $( $variant, )* }

        names! { Text { $( $variant => $zh, $en; )* } }
    };
}

texts! {
    DryRun => "试运行：没有记录任何内容", "a dry run: nothing was recorded";
    Importing => "导入中", "importing";
    NothingNew => "没有新记录；重复导入不会改变任何结果", "nothing new; the same file twice changes nothing";
    Yes => "是", "yes";
}
