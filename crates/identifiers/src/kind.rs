//! What is found, how certain it is, and why; each with its words in both languages.

use serde::Serialize;
use units::Lang;

/// Declares an enum of codes with their words.
macro_rules! named {
    ($(#[$about:meta])* $name:ident {
        $( $(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal; )*
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name { $( $(#[$doc])* #[serde(rename = $code)] $variant, )* }

        impl $name {
            /// Each of them.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )* }
            }

            /// The words for a person.
            #[must_use]
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $( (Self::$variant, Lang::Zh) => $zh, (Self::$variant, Lang::En) => $en, )*
                }
            }
        }
    };
}

named! {
    /// A kind of identifier. Of two kinds that fit the same characters the earlier one is taken.
    Kind {
        /// Resident identity card, 18 or 15 places.
        ResidentId = "resident_id", "居民身份证号", "resident ID card";
        /// Unified social credit code of an organisation.
        CreditCode = "credit_code", "统一社会信用代码", "unified social credit code";
        /// International bank account number.
        Iban = "iban", "国际银行账号（IBAN）", "IBAN";
        /// Card of an international scheme.
        CreditCard = "credit_card", "国际卡组织卡号", "payment card";
        /// Bank card or account number with a check digit.
        BankCard = "bank_card", "银行卡号", "bank card";
        /// E-mail address.
        Email = "email", "电子邮箱", "e-mail address";
        /// Mobile telephone of mainland China.
        Mobile = "mobile", "手机号", "mobile phone";
        /// Fixed telephone with its area code, or a 400 or 800 number.
        Landline = "landline", "固定电话", "landline";
        /// Telephone in the international form, or a North American one.
        Phone = "phone", "境外电话", "telephone abroad";
        /// Social security number of the United States.
        UsSsn = "us_ssn", "美国社会保障号", "US social security number";
        /// Passport.
        Passport = "passport", "护照号", "passport";
        /// Number plate of a vehicle.
        Plate = "plate", "车牌号", "number plate";
        /// IPv4 address.
        Ipv4 = "ipv4", "IPv4 地址", "IPv4 address";
        /// IPv6 address.
        Ipv6 = "ipv6", "IPv6 地址", "IPv6 address";
        /// MAC address of a device.
        Mac = "mac", "MAC 地址", "MAC address";
    }
}

named! {
    /// How certain a find is, the most certain first.
    Certainty {
        /// Its check digit holds.
        Checked = "checked", "校验通过", "checksum passed";
        /// The form holds, and a word beside it names it.
        Context = "context", "形式与上下文", "form and context";
        /// The form holds, nothing more.
        Form = "form", "仅形式", "form alone";
    }
}

named! {
    /// Why something counts as an identifier.
    Reason {
        /// An 18-place resident ID.
        IdChecked = "id_checked", "省份、出生日期与校验码均成立",
            "province, day of birth and check digit hold";
        /// A 15-place resident ID.
        IdOld = "id_old", "15 位旧证：省份与出生日期成立，无校验码",
            "old form of 15 digits: province and day of birth hold, it has no check digit";
        /// A credit code.
        CodeChecked = "code_checked", "登记区划与校验码成立（GB 32100）",
            "region and check character hold (GB 32100)";
        /// A card with a known range.
        CardRange = "card_range", "Luhn 校验通过，号段属于已知发卡组织",
            "Luhn holds, and the first digits belong to a known scheme";
        /// A card that a word names.
        CardWord = "card_word", "Luhn 校验通过，旁有银行卡或账号字样",
            "Luhn holds, and a word beside it names a card or an account";
        /// An IBAN.
        IbanChecked = "iban_checked", "国别长度与模 97 校验成立",
            "length of the country and mod 97 hold";
        /// A form of its own.
        FormAlone = "form_alone", "形式相符，旁无说明字样", "the form fits; no word beside it names it";
        /// A form, and a word.
        FormWord = "form_word", "形式相符，旁有说明字样", "the form fits, and a word beside it names it";
    }
}
