//! What a signature means, in the words that a signatory reads, and what papers say of those who
//! sign. Serves train-11.1, class-5.1.

use super::Words;

impl Words {
    /// What signing means: the sentence that stands in the manifest.
    #[must_use]
    pub fn intent(&self) -> String {
        say!(
            self,
            "签署本清单，即表示签署人代表所示一方订立本协议，受清单所列全部文件约束，\
             并确认其有权代表该方签署。",
            "By signing, the signatory binds the party shown to every file listed in this \
             manifest, as one agreement, and confirms the authority to do so."
        )
    }

    /// The position of a representative whom the terms name.
    #[must_use]
    pub fn representative(&self) -> String {
        say!(self, "法定代表人或负责人", "legal representative or person in charge")
    }

    /// The authority of a representative whom the terms name.
    #[must_use]
    pub fn by_office(&self) -> String {
        say!(self, "依职务签署", "by office")
    }

    /// What stands on a page below the picture of a party's seal.
    #[must_use]
    pub fn seal_caption(&self, party: &str) -> String {
        say!(
            self,
            "{party}的电子印章图样。仅为图像，不是电子签名，不证明已签署；是否签署，\
             以该方对签署清单的签名为准。",
            "Picture of the seal of {party}. It is an image only, no signature, and proves no \
             signing: whether the party signed is shown by its signature over the manifest."
        )
    }

    /// Why a deployment seals a PDF.
    #[must_use]
    pub fn seal_reason(&self) -> String {
        say!(
            self,
            "双方签署后封存：此后的任何改动都会显示",
            "closed after both parties signed: any later change shows"
        )
    }
}
