//! The words themselves. One row a group and a theme; patterns are parted by `|`, `*` at the end
//! lets the word go on. Written from the grammar of contracts, not from single documents.

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Group {
    // Who.
    /// Words that name the vendor in every contract; names of a document come beside.
    Vendor,
    /// Words that name the customer in every contract.
    Customer,
    /// Each party, both parties.
    Both,
    /// Affiliates of a party.
    Affiliate,
    /// Third parties, subprocessors, partners.
    Third,
    // Modality and polarity.
    /// Has to.
    Shall,
    /// Is allowed to.
    May,
    /// Lets somebody do: leaves the polarity as it is.
    Permit,
    /// Only tries to.
    Efforts,
    /// Denies what follows.
    Not,
    /// Denies the whole sentence.
    Never,
    /// Only for, solely: a limit of purpose.
    Only,
    // Exceptions.
    /// Opens an exception in front of or behind the rule.
    Except,
    /// Closes a Chinese exception (除…外).
    ExceptEnd,
    /// Opens a condition that lifts the rule.
    Unless,
    /// Puts the rule below something else.
    SubjectTo,
    /// Consent, agreement, instruction of the customer.
    Consent,
    /// Consent in writing.
    Written,
    /// A choice in favour.
    OptIn,
    /// A choice against: the default is on.
    OptOut,
    /// A setting of the product decides.
    Setting,
    /// A new thought begins: polarity starts afresh.
    But,
    // Verbs.
    /// Training of models.
    Train,
    /// Improvement and development of products.
    Improve,
    /// Use, process, access.
    Use,
    /// Own, retain title.
    Own,
    /// Assign rights.
    Assign,
    /// Grant a licence.
    License,
    /// Delete, destroy, erase.
    Delete,
    /// Keep after the end.
    Retain,
    /// Notify.
    Notify,
    /// Indemnify, defend, hold harmless.
    Indemnify,
    /// End of the agreement.
    Terminate,
    /// Suspension.
    Suspend,
    /// Change of the terms.
    Amend,
    /// Share, disclose, sell.
    Share,
    // Objects.
    /// All data of the customer.
    CustomerData,
    /// What the customer sends.
    Input,
    /// What the model answers.
    Output,
    /// Personal data.
    PersonalData,
    /// Figures about the use, without content.
    UsageData,
    /// Feedback and suggestions.
    Feedback,
    /// Aggregated, anonymised, de-identified forms.
    Deidentified,
    /// Confidential information.
    Secret,
    /// Products and models of the vendor.
    Product,
    /// Competing models or services: the customer's ban, not the vendor's.
    Competing,
    // Purposes.
    /// To provide the services.
    Provide,
    /// Safety, abuse, legal duty.
    Safety,
    // Security.
    /// A security incident or breach of data.
    Incident,
    /// Learns of.
    Aware,
    /// Has confirmed.
    Confirm,
    /// Without undue delay, promptly.
    Promptly,
    /// A named certification.
    Certificate,
    /// Encryption.
    Encrypt,
    /// Industry standard, reasonable measures: no standard named.
    Reasonable,
    /// Security measures at all.
    Security,
    // Service level.
    /// Availability as a figure.
    Uptime,
    /// Service credits.
    Credit,
    /// Maintenance.
    Maintenance,
    /// A calendar month as the window.
    Monthly,
    /// Exclusive remedy.
    SoleRemedy,
    /// Partial degradation.
    Degraded,
    /// Response time.
    Response,
    /// As is, no warranty of uninterrupted service.
    AsIs,
    /// The vendor's own measurement decides.
    OwnMeasure,
    /// A claim must be made.
    Claim,
    /// The monthly fee as the base of a credit.
    MonthlyFee,
    // Liability.
    /// Liability.
    Liability,
    /// Shall not exceed, limited to.
    Exceed,
    /// The greater of.
    Greater,
    /// The lesser of.
    Lesser,
    /// Fees.
    Fees,
    /// Paid or payable.
    Payable,
    /// Paid.
    Paid,
    /// Before the claim or event.
    Preceding,
    /// Kinds of damage: indirect, consequential.
    Indirect,
    /// Direct damage.
    Direct,
    /// Gross negligence, wilful misconduct, fraud.
    Gross,
    /// IP infringement.
    Infringe,
    /// Unlimited.
    Uncapped,
    /// No liability at all.
    NoLiability,
    /// Liquidated damages.
    Liquidated,
    // End.
    /// Export, retrieval.
    Export,
    /// A documented, common format.
    Format,
    /// Help with migration.
    Migration,
    /// For convenience, at any time.
    Convenience,
    /// Refund.
    Refund,
    /// Cure of a breach.
    Cure,
    /// Without notice.
    NoNotice,
    /// Immediately.
    Immediately,
    /// On request.
    OnRequest,
    /// Backups.
    Backup,
    /// Certificate of deletion.
    Certified,
    /// As long as needed, indefinitely.
    Indefinite,
    // Adjectives of licences.
    /// Perpetual.
    Perpetual,
    /// Irrevocable.
    Irrevocable,
    /// Sublicensable, transferable.
    Sublicensable,
    // IP.
    /// Intellectual property, right, title and interest.
    Rights,
    /// Jointly owned.
    Joint,
    /// To be agreed later.
    Later,
    /// Belongs to.
    BelongsTo,
    // Compliance.
    /// Audit, inspection.
    Audit,
    /// Reports of third parties.
    Report,
    /// A named law.
    Law,
    /// Applicable law in general.
    LawGeneral,
    /// Once a year.
    Yearly,
    /// At the vendor's discretion.
    Discretion,
    /// Subprocessors.
    Subprocessor,
    /// Cost of the audit.
    Expense,
    // Change of terms.
    /// These terms.
    Terms,
    /// Continued use counts as consent.
    ContinuedUse,
    /// By posting, effective on publication.
    Posting,
    /// Means nothing here: keeps a part of it from being taken for a word.
    Plain,
}

use Group::{
    Affiliate, Amend, AsIs, Assign, Audit, Aware, Backup, BelongsTo, Both, But, Certificate,
    Certified, Claim, Competing, Confirm, Consent, ContinuedUse, Convenience, Credit, Cure,
    Customer, CustomerData, Degraded, Deidentified, Delete, Direct, Discretion, Efforts, Encrypt,
    Exceed, Except, ExceptEnd, Expense, Export, Feedback, Fees, Format, Greater, Gross,
    Immediately, Improve, Incident, Indefinite, Indemnify, Indirect, Infringe, Input, Irrevocable,
    Joint, Later, Law, LawGeneral, Lesser, Liability, License, Liquidated, Maintenance, May,
    Migration, Monthly, MonthlyFee, Never, NoLiability, NoNotice, Not, Notify, OnRequest, Only,
    OptIn, OptOut, Output, Own, OwnMeasure, Paid, Payable, Permit, Perpetual, PersonalData, Plain,
    Posting, Preceding, Product, Promptly, Provide, Reasonable, Refund, Report, Response, Retain,
    Rights, Safety, Secret, Security, Setting, Shall, Share, SoleRemedy, SubjectTo, Sublicensable,
    Subprocessor, Suspend, Terminate, Terms, Third, Train, Uncapped, Unless, Uptime, UsageData,
    Use, Vendor, Written, Yearly,
};

/// Groups and their words.
pub(super) const TABLE: &[(Group, &str)] = &[
    (Vendor, "we|us|vendor|provider|supplier|licensor|service provider|processor|供应商"),
    (
        Vendor,
        "供应方|运营方|运营者|服务商|服务提供者|服务提供方|本平台|平台|我们|我方|本公司|处理者|受托方|出租方|标注方",
    ),
    (Customer, "you|customer|customers|client|clients|subscriber|subscribers|licensee"),
    (Customer, "end user|end users|user|users|controller|buyer|purchaser|您|用户|客户|委托方"),
    (Customer, "采购方|承租方|数据控制者|需求方|你"),
    (Both, "each party|either party|both parties|neither party|one party|the parties"),
    (Both, "a party|a party's|party's|任何一方|任一方|双方|各方|一方"),
    (Affiliate, "affiliate|affiliates|affiliated compan*|group compan*|our group|关联公司"),
    (Affiliate, "关联方|关联企业|集团"),
    (Third, "third party|third parties|third-party|subcontractor*|contractor*"),
    (Third, "business partners|partners|第三方|合作方|合作伙伴|分包商|third-party provider*"),
    (Third, "third party provider*|service providers|model providers|other companies"),
    (Third, "other customers|others"),
    (Shall, "shall|will|must|agrees to|agree to|undertakes to|is required to"),
    (Shall, "are required to|应当|应|须|必须|承诺|保证|将|会"),
    (May, "may|can|is entitled to|are entitled to|has the right to|have the right to"),
    (May, "could|might|reserves the right|reserve the right|is permitted to"),
    (May, "be entitled to|be permitted to|be free to"),
    (May, "is free to|are free to|is also free to|are also free to"),
    (May, "保留随时|保留权利|保留在任何时候"),
    (May, "are permitted to|可以|可|有权|可能"),
    (Permit, "authorizes|authorize|authorises|authorise|permits|permit|allows|allow"),
    (Permit, "right for us|rights for us"),
    (Permit, "授权|允许|right to|enable|enables|instructs|instruct|directs"),
    (Efforts, "reasonable efforts|commercially reasonable|best efforts"),
    (Efforts, "reasonable endeavours|endeavor*|endeavour*|strive*|aims to|aim to"),
    (Efforts, "target of|尽合理努力|合理努力|尽力|尽量|尽最大努力|尽可能|努力"),
    (Not, "not|no|cannot|never|nor|neither|don't|don’t|doesn't|doesn’t|won't|won’t"),
    (Not, "不授权|不许可"),
    (Not, "prohibit|prohibiting|forbid|forbids|forbidden from|barred from|abstain from"),
    (Not, "refrains from|refraining from|refrained from"),
    (Not, "shan't|prohibited from|refrain from|prohibits|not be|without using|不得|不会"),
    (
        Not,
        "不应|不将|禁止|并不|不能|不可|无权|不再|不予|严禁|绝不|从不|不用于|不用作|不被|未经|不使用|不允许|不利用|没有",
    ),
    (
        Never,
        "nothing in|in no event|under no circumstances|in no case|在任何情况下均不|任何情况下不",
    ),
    (Never, "at no time|on no account|by no means|in no way"),
    (Only, "only|solely|exclusively|sole purpose|limited purpose|strictly necessary|仅"),
    (Only, "只能|仅限|只用于|仅用于|专用于|目的以外|目的之外|约定外的任何目的|除此之外不"),
    (Except, "except|other than|excluding|save for|save as|with the exception of"),
    (Except, "apart from|除|除了"),
    (ExceptEnd, "以外|之外|除外|外,|的除外"),
    (Unless, "unless|if you have not opted out|除非"),
    (SubjectTo, "subject to|notwithstanding|受限于|另有约定的从其约定|另有约定"),
    (Consent, "consent|permission|instruction*|authorization|authorisation|approval"),
    (Consent, "consents"),
    (Consent, "explicitly agree*|expressly agree*|affirmatively agree*"),
    (
        Consent,
        "expressly permit*|explicitly permit*|你的同意|您的同意|明确同意|单独同意|授权同意|征得|取得您",
    ),
    (Consent, "获得您|经客户|同意|指示"),
    (Written, "written consent|written permission|prior written|written approval"),
    (Written, "written opt-in|written, opt-in|explicit, written|express written|explicit written"),
    (Written, "in writing|written instruction*|书面同意|书面许可|书面授权|书面"),
    (OptIn, "opt in|opts in|opted in|opted-in|opt-in|opting in|explicit opt-in"),
    (OptIn, "explicitly opt*|choose to share|chooses to share|choose to provide"),
    (OptIn, "elect to share|elects to|选择加入|主动选择|explicitly enabled|expressly enabled"),
    (OptIn, "voluntarily|if you allow|if you enable|where you allow"),
    (
        OptIn,
        "授权的前提下|同意的前提下|您同意后|用户同意后|客户同意后|经您授权|经用户授权|您授权后",
    ),
    (OptIn, "affirmatively enable*|affirmatively permit*|主动开启|主动授权"),
    (OptOut, "opt out|opts out|opted out|opted-out|opt-out|opting out|opt-outs"),
    (OptOut, "right to object|turn off|turning off|toggle off|disable*|选择退出|关闭|拒绝将|退出"),
    (OptOut, "choosing “no”|select “no”|choose “no”|not opted-out|not opted out"),
    (OptOut, "turned off"),
    (Setting, "settings|setting|preferences|controls|toggle|account settings|设置|开关"),
    (Setting, "zero data retention|elect whether|select whether|electing whether"),
    (But, "provided that|provided, however|provided however|however|but|except that"),
    (But, "whereas|但是|但|不过|然而"),
    (Train, "train|trains|trained|training|re-train*|retrain*|pre-train*|pretrain*"),
    (Train, "fine-tun*|fine tun*|finetun*|distil|distill|distillation|for machine learning"),
    (Train, "machine learning purposes|artificial intelligence purposes|ai purposes"),
    (
        Train,
        "machine learning model*|训练|微调|蒸馏|机器学习|模型优化|模型迭代|优化模型|改进模型|模型训练",
    ),
    (Train, "develop or train|model performance|model improvement"),
    (Improve, "improve|improves|improved|improving|improvement|improvements|enhance"),
    (Improve, "enhances|enhancing|enhancement|develop|develops|developing|development"),
    (Improve, "make our models better|make our products better|make our services better"),
    (Improve, "make the services better|make the service better|build new|building new"),
    (Improve, "research and develop*|optimize|optimise|optimizing|optimising"),
    (Improve, "optimization|evaluate our|refine|refining|new features|new products"),
    (Improve, "product research|优化|改进|改善|提升|完善|研发|研究开发|开发新|用户体验|升级"),
    (Use, "use|uses|used|using|process|processes|processed|processing|access|accesses"),
    (
        Use,
        "analyze|analyse|analyzing|analysing|analyzed|analysed|utilize|utilise|使用|利用|处理|访问|用于|用作",
    ),
    (Own, "own|owns|owned|owner|ownership|retain all|retains all|retain ownership"),
    (Own, "retain any|retains ownership|remain the property|remains the property"),
    (Own, "sole property|vest in|vests in|belong to|belongs to|retain all right"),
    (Own, "retains all right|reserve all|所有权|归属于|归属|享有|所有权利"),
    (BelongsTo, "归"),
    (Assign, "assign|assigns|hereby assign*|hereby irrevocably assign*|assignment|转让给"),
    (Assign, "转移给|转让"),
    (License, "license|licence|licenses|licensed|grant us|grants us|grant|grants"),
    (License, "give us permission|gives us permission|give us the right|give us a licen*"),
    (License, "granted|许可|授予|使用权"),
    (Delete, "delete|deletes|deleted|deleting|deletion|destroy|destroys|destroyed"),
    (Delete, "destruction|erase|erases|erased|erasure|purge|purged|permanently remove"),
    (Delete, "删除|销毁|清除|清空|抹除"),
    (Retain, "retain|retains|retained|retaining|retention|keep|keeps|store|stored"),
    (Retain, "stores|storage|preserve|保留期|保存|留存|存储|存储期限|保存期限"),
    (Notify, "tell you|let you know|alert you|tell customer|alert customer"),
    (Notify, "notify|notifies|notified|notification|notifications|notifying|inform"),
    (Notify, "informs|通知|告知|written notice|give notice|prior notice|advance notice|通报"),
    (Notify, "报告给|notice to|'s notice|’s notice|days notice|days' notice|days’ notice"),
    (Notify, "notice of|provide notice|notice"),
    (Indemnify, "indemnify|indemnifies|indemnified|indemnification|indemnity"),
    (Indemnify, "hold harmless|defend|indemnities|defends|hold us harmless|赔偿|补偿|赔付"),
    (Indemnify, "使其免受|足额赔偿"),
    (Terminate, "end the service*|end this agreement|end the agreement|end your access"),
    (Terminate, "terminate|terminates|terminated|terminating|termination|expiration"),
    (Terminate, "expiry|expires|cancel|cancels|cancellation|cancel your"),
    (Terminate, "close your account|account closure|终止|解除|届满|到期|期满|注销|解约"),
    (Suspend, "discontinue|discontinues|discontinued|discontinuing|deactivate|deactivates"),
    (Suspend, "deactivated|deactivating|stop providing|stop offering|stop supporting"),
    (Suspend, "cease providing|cease to provide|cease offering|cease to offer|withdraw the"),
    (Suspend, "withdraw any|withdraw your access|revoke|revoked|refuse service|shut down"),
    (Suspend, "block the account|block your|block access|disable your account"),
    (Suspend, "disable your access|disable access|disable any account|close or disable"),
    (Suspend, "停止服务|停止向|停止本|停止全部|下线|封禁|封停|停用|收回|冻结"),
    (Terminate, "cancelled|canceled|be closed|关闭您的账|关闭你的账|关闭用户|关闭账|关闭该账"),
    (Suspend, "suspend|suspends|suspended|suspension|suspending|暂停|中止|中断|停止提供|限制使用"),
    (Amend, "amend|amends|amended|amendment|modify|modifies|modified|modification"),
    (Amend, "modifications|change|changes|changing|changed|revise|revises|revised"),
    (Amend, "update|updates|updated|修改|变更|更新|修订|调整"),
    (Share, "share|shares|sharing|shared|disclose|discloses|disclosed|disclosure|sell"),
    (Share, "sells|selling|共享|披露|提供给第三方|出售|对外提供|公开"),
    (CustomerData, "customer data|customer content|customer materials"),
    (CustomerData, "customer property|your data|your content|user content|user data"),
    (CustomerData, "client data|client content|subscriber data|customer information"),
    (CustomerData, "content|submission|submissions|your submissions|services data"),
    (CustomerData, "service data|interaction data|business data|your information"),
    (CustomerData, "your materials|user submissions|customer's data|customer’s data"),
    (CustomerData, "your files|customer input|conversation*|chats|chat history"),
    (CustomerData, "your code|code snippets|recordings|data you provide"),
    (CustomerData, "information you provide|content you provide|user-generated"),
    (CustomerData, "data collected from you|your business data|data from you|所有数据"),
    (CustomerData, "workspace content|workspace data|tenant data"),
    (CustomerData, "data we collect|information we collect|data collected by|your work"),
    (CustomerData, "your stuff|your projects|your documents|your code base|data you send"),
    (
        CustomerData,
        "客户数据|用户数据|您的数据|业务数据|用户内容|您的内容|对话|对话内容|对话记录|聊天记录|数据集|原始数据|上传的数据",
    ),
    (
        CustomerData,
        "您提供的|用户生成|委托方数据|数据资料|用户信息|您的信息|这些信息|所提供的数据|客户内容|客户资料|训练数据|交互数据",
    ),
    (
        CustomerData,
        "内容和信息|该等内容|前述内容|上述内容|内容|materials|数据|你的内容|你的数据|你的信息|你提供的",
    ),
    (Input, "input|inputs|prompt|prompts|queries|uploaded files|uploads|输入|提示词|输入内容"),
    (Input, "输入数据|上传|用户输入"),
    (Output, "output|outputs|responses|completions|generated content"),
    (
        Output,
        "ai-generated output*|generated outputs|生成内容|输出|输出内容|生成的内容|生成物|输出数据|输出结果",
    ),
    (
        Output,
        "生成结果|标注成果|标注结果|标注数据|技术成果|工作成果|训练成果|训练后的模型|训练完成的模型|训练所得|训练出的模型|成果|交付成果|交付物|deliverables",
    ),
    (Output, "fine-tuned model*|customer model*|trained model*|derivative model*"),
    (PersonalData, "personal data|personal information|personally identifiable"),
    (PersonalData, "your personal|customer personal data|personal datum|个人信息|个人数据"),
    (PersonalData, "敏感信息|账号信息"),
    (UsageData, "usage data|usage information|telemetry|log data|logs|metadata"),
    (UsageData, "statistics|usage|system data|performance data|technical data"),
    (UsageData, "analytics|diagnostic data|resultant data|your use of"),
    (UsageData, "customer's use of|customer’s use of|how you use|使用数据|使用情况|日志|统计数据"),
    (UsageData, "运行数据|服务日志|使用记录|操作日志|日志信息|设备信息"),
    (Feedback, "feedback|comments|ideas|suggestions for improvement"),
    (Feedback, "suggestions regarding|反馈|意见|建议|bug reports|suggestions"),
    (Feedback, "enhancement request*|recommendations|feature request*"),
    (Deidentified, "aggregate|aggregated|de-identified|deidentified|de-identif*"),
    (Deidentified, "anonymous|anonymi*|pseudonymi*|non-identif*|not identify|脱敏|匿名化"),
    (Deidentified, "去标识化|匿名|聚合|汇总|统计化|非个人信息|非个人隐私信息|depersonali*"),
    (Secret, "confidential information|confidentiality|confidential|trade secret*"),
    (Secret, "nondisclosure|non-disclosure|保密信息|保密|商业秘密|机密"),
    (Product, "our services|our products|our models|our technology|the services"),
    (Product, "the service|services|models|model|algorithms|algorithm|ai systems"),
    (Product, "artificial intelligence|machine learning|our ai|products|platform's"),
    (Product, "服务质量|产品|模型|算法|服务|人工智能|功能|小程序|应用程序|软件"),
    (Product, "product|offerings|our platform|the platform|our site|our website|our app"),
    (Product, "technologies|our business|our features|our offering"),
    (Competing, "compete|competes|competing|competitive|similar service*"),
    (Competing, "substantially similar|竞争|竞品|同类|reverse engineer*"),
    (Provide, "to provide|provide the services|providing the services"),
    (Provide, "provide the service|operate the service|operate and provide|providing the service"),
    (Provide, "run the service|provision of the service"),
    (Provide, "provision of the services|perform the services|to perform|performing"),
    (Provide, "performance of the services|to deliver|provision of services"),
    (Provide, "provide you|providing you|provide and maintain|for the purpose of"),
    (
        Provide,
        "purposes of|as necessary to|operate the services|提供服务|履行本协议|履行合同|本协议目的",
    ),
    (Provide, "本合同目的|约定的目的|本协议约定|为您提供|协议约定|履行"),
    (Safety, "abuse|misuse|fraud|safety|security purposes|illegal|trust and safety"),
    (Safety, "comply with law|enforce|usage polic*|legal obligation*|prevent|detect"),
    (Safety, "安全|违法|法律法规要求|反欺诈|风控"),
    (Incident, "security incident*|security breach*|data breach*"),
    (Incident, "personal information breach*|breach of personal*"),
    (Incident, "personal data breach*|data incident*|breach of security"),
    (Incident, "information security breach|unauthorized access|unauthorised access"),
    (
        Incident,
        "accidental or unlawful|cybersecurity incident*|安全事件|数据泄露|信息泄露|泄露事件",
    ),
    (Incident, "个人信息泄露|安全事故|泄露|数据安全事件|incident"),
    (Aware, "learn of|learned of"),
    (Aware, "aware|discover|discovers|discovering|discovery|knowledge of|learning of"),
    (Aware, "learns of|detecting|detects|detection|发现|知悉|获悉|得知|知晓|发生之时|发生后"),
    (Confirm, "confirmed|confirms|confirming|confirmation|has determined"),
    (Confirm, "determines that|核实|确认"),
    (Promptly, "undue delay|promptly|without delay|as soon as|immediately notify|及时"),
    (Promptly, "立即|尽快|第一时间|合理期限|合理时间|unreasonable delay|reasonable time"),
    (Certificate, "soc 2|soc2|soc ii|iso 27001|iso/iec 27001|iso27001|iso 27701"),
    (Certificate, "iso 42001|等保|等级保护|网络安全等级|hitrust|pci dss|pci-dss|fedramp|iso 27017"),
    (Certificate, "iso 27018|soc 1|soc 3|soc-2"),
    (Encrypt, "encrypt|encrypts|encrypted|encryption|tls|aes|https|ssl|加密"),
    (Reasonable, "industry standard*|industry-standard*|reasonable care"),
    (Reasonable, "appropriate technical|行业标准|appropriate security|reasonable security"),
    (Reasonable, "reasonable measures|reasonable safeguards"),
    (
        Reasonable,
        "commercially reasonable security|合理措施|合理的安全|合理安全|必要措施|行业惯例|行业通行",
    ),
    (Reasonable, "合理必要|所有合理|合理的技术"),
    (Reasonable, "reasonable degree of care|reasonable administrative"),
    (Reasonable, "appropriate administrative"),
    (Security, "security measures|technical and organizational"),
    (Security, "technical and organisational|safeguards|security program"),
    (Security, "information security|security controls|access control*|安全措施|安全保护|安全管理"),
    (Security, "技术措施|防护|security practices|security standards|安全标准"),
    (Uptime, "uptime|availability|available at least|monthly availability"),
    (
        Uptime,
        "service level*|the service level*|downtime|可用性|unavailab*|outage*|可用率|不可用|停机|宕机|服务水平|服务等级",
    ),
    (Uptime, "正常运行时间|在线率"),
    (
        Credit,
        "service credit*|credits|credit|服务信用|服务抵扣|服务赔偿|代金券|服务补偿|服务时长补偿",
    ),
    (Credit, "sla-compensation*|sla compensation*|service compensation|sla credit*"),
    (Credit, "compensation"),
    (Maintenance, "maintenance|scheduled downtime|维护|检修|升级维护"),
    (Monthly, "calendar month|monthly|per month|each month|in a month|any month|month"),
    (Monthly, "每月|自然月|月度|按月|当月|服务月度|服务周期"),
    (SoleRemedy, "sole remedy|exclusive remedy|sole and exclusive|entire liability"),
    (SoleRemedy, "only remedy|唯一补救|exclusive remedies|唯一救济|全部责任|唯一的赔偿|唯一责任"),
    (Degraded, "degradation|degraded|degrades|partial outage|latency|error rate|性能下降"),
    (Degraded, "降级|部分不可用"),
    (Response, "response time|response times|respond within|initial response"),
    (Response, "first response|响应时间|time to first token|support response|响应"),
    (AsIs, "as is|as-is|as available|as-available|uninterrupted|error-free|error free"),
    (
        AsIs,
        "按现状|现状提供|不保证服务|不会中断|不中断|无法保证|按照现有|现有技术|without interruption|“as is”",
    ),
    (OwnMeasure, "internal monitoring|our monitoring|monitoring systems"),
    (
        OwnMeasure,
        "monitoring tools|status page|监控数据|监控系统为准|以平台记录为准|as measured by",
    ),
    (OwnMeasure, "as determined by|as confirmed by"),
    (Claim, "claim the|request a credit|request service credit*"),
    (Claim, "to receive a service credit|must notify|must submit|must request"),
    (Claim, "must claim|credit request|提出申请|申请赔偿|提交申请|书面提出"),
    (MonthlyFee, "monthly fee*|monthly bill*|monthly charge*|monthly subscription"),
    (MonthlyFee, "monthly invoice|monthly service fee*|fees for the|月服务费|月度服务费|当月费用"),
    (MonthlyFee, "当月服务费|月费"),
    (Liability, "liability|liable|liabilities|责任|赔偿责任|违约责任"),
    (Exceed, "exceed|exceeds|exceeding|in excess of|limited to|capped at|greater than"),
    (Exceed, "more than|be limited|不超过|不得超过|不应超过|上限|限于|以您|为限|最高|not exceed"),
    (Exceed, "not to exceed"),
    (Greater, "greater of|higher of|larger of|较高者|较高的|孰高|以较高|较大者"),
    (Lesser, "lesser of|lower of|smaller of|较低者|较低的|孰低|以较低|较小者"),
    (Fees, "fees|amounts|amount|total fees|subscription fees|fee|sums|price"),
    (
        Fees,
        "purchase price|charges|payments|money|费用|服务费|价款|金额|款项|合同总额|合同金额|总金额",
    ),
    (Payable, "paid or payable|payable|paid and payable|due and payable|paid or owed"),
    (Payable, "owed|应付|应支付"),
    (Paid, "paid|actually paid|have paid|has paid|you pay|received by|已支付|已付|支付|实际支付"),
    (Paid, "实付|缴纳"),
    (Preceding, "preceding|prior to|before the|immediately before|previous"),
    (Preceding, "in the past|last|prior|之前|前|过去|此前"),
    (Indirect, "indirect|consequential|incidental|special|exemplary|punitive"),
    (Indirect, "lost profits|loss of profit*|loss of revenue|loss of goodwill"),
    (Indirect, "loss of business|间接|预期利益|利润损失|惩罚性|附带|可得利益|特殊|后果性|继发"),
    (Direct, "direct damages|direct loss*|direct or indirect|direct, indirect|直接损失"),
    (Direct, "直接或间接|直接、间接|任何直接|直接、偶然"),
    (Gross, "gross negligence|wilful misconduct|willful misconduct"),
    (Gross, "intentional misconduct|fraud or|wilful default|gross misconduct"),
    (Gross, "fraudulent misrep*|重大过失|故意|欺诈"),
    (Infringe, "infringe|infringes|infringed|infringing|infringement|misappropriat*"),
    (Infringe, "侵权|侵犯|侵害"),
    (Uncapped, "unlimited|uncapped|shall not be subject to|not apply to"),
    (Uncapped, "does not apply|do not apply|not be limited|nothing in this"),
    (Uncapped, "without limitation of liability|不受限制|不适用|无限|不受上述|不受前述|不受本条"),
    (Uncapped, "exceptions to|excluded claims|除外情形|不受该"),
    (NoLiability, "not liable|not be liable|no liability|not responsible"),
    (
        NoLiability,
        "not be responsible|disclaim*|不承担任何|不承担责任|不负责|免责|概不负责|不承担|无需承担|不负任何",
    ),
    (NoLiability, "免于承担"),
    (Liquidated, "liquidated damages|违约金|penalty"),
    (Export, "export|exports|exporting|exported|retrieve|retrieves|retrieval"),
    (Export, "retrieving|download|downloading|return of|return or|return all"),
    (
        Export,
        "return the|returned to|extract|导出|下载|返还|迁出|备份您|取回|归还|转出|提取|return to",
    ),
    (Export, "return or delete|delete or return|return any|return such|return it"),
    (Export, "deletion or return|return or destruction|copy of your|copy of its|copies of your"),
    (Export, "copy of customer*|copy of the customer*|available for export|file of the customer*"),
    (Export, "require a copy of|data available to customer|data available to company"),
    (Export, "return to customer|return customer*|make available to customer a copy|提取您"),
    (Format, "machine-readable|machine readable|standard format|commonly used|csv"),
    (Format, "json|parquet|industry format|open format|common format|structured|标准格式"),
    (Format, "通用格式|机器可读|可读格式|safetensors|xml"),
    (Migration, "migration|migrate|migrating|transition assistance"),
    (Migration, "transition services|transition|迁移|switching|交接|过渡"),
    (Convenience, "for convenience|at any time|for any reason|without cause"),
    (Convenience, "any reason or no reason|随时|任何时候|无理由|任意|no reason"),
    (Convenience, "at its discretion terminate"),
    (Refund, "refund|refunds|refunded|refundable|pro rata|pro-rata|prorated|退还|退款|退费"),
    (Refund, "返还未"),
    (Cure, "cure|cures|cured|remedy such|remedied|remedy the|纠正|改正|补救|补正|整改"),
    (NoNotice, "without notice|without prior notice|without any notice"),
    (
        NoNotice,
        "with or without notice|不经通知|无需通知|不经事先通知|无须事先通知|无需事先通知|不另行通知|不经事先",
    ),
    (NoNotice, "without further notice|with or without cause|without liability|不需通知"),
    (NoNotice, "无须通知|无论是否通知|有或无通知|无论有无通知|不论是否通知|恕不另行通知"),
    (Immediately, "immediately|forthwith|immediate|马上|即刻"),
    (OnRequest, "on request|upon request|request|written request|at your request"),
    (OnRequest, "requests|应要求|根据要求|at customer's request|at customer’s request|请求|要求"),
    (Backup, "backup|backups|back-up|back-ups|archival|archived|备份"),
    (Certified, "certify|certifies|certification of|certificate of"),
    (Certified, "written confirmation|证明|书面确认"),
    (Indefinite, "indefinitely|as long as necessary|as long as needed|so long as|永久保存"),
    (Indefinite, "必要期限|实现目的所必需"),
    (Perpetual, "perpetual|perpetually|永久|永久性|永久的|长期有效"),
    (Irrevocable, "irrevocable|irrevocably|不可撤销|不可撤回"),
    (Sublicensable, "sublicensable|sub-licensable|sublicenseable|sublicense"),
    (Sublicensable, "sub-license|transferable|assignable|right to sublicense|可转授权"),
    (Sublicensable, "可再许可|可转让|再许可|转授权|可分许可|分许可"),
    (Rights, "intellectual property|right, title|rights, title|title and interest"),
    (
        Rights,
        "all rights|copyright|proprietary rights|title to|知识产权|著作权|专利|版权|权益|权利",
    ),
    (Joint, "jointly own*|joint owner*|co-own*|共同所有|共有|共同享有"),
    (Later, "另行协商|另行约定|协商确定|to be agreed|mutually agreed later|另行签订"),
    (Audit, "audit|audits|auditing|auditor|auditors|inspection|inspections|inspect|审计"),
    (Audit, "检查|核查|稽核"),
    (Report, "audit report*|third-party report*|third party report*|audit summar*"),
    (Report, "审计报告|评估报告|penetration test*|assessment report*|security report*|第三方报告"),
    (Report, "检测报告"),
    (Law, "gdpr|ccpa|cpra|general data protection|california consumer|uk gdpr|hipaa"),
    (Law, "lgpd|pipl|eu ai act|ai act|data protection act|2016/679|个人信息保护法|数据安全法"),
    (
        Law,
        "网络安全法|生成式人工智能服务管理|民法典|swiss data protection|federal act on data protection",
    ),
    (Law, "standard contractual clauses"),
    (LawGeneral, "applicable law*|data protection law*|applicable data protection"),
    (LawGeneral, "privacy law*|all laws|applicable legislation"),
    (LawGeneral, "data protection legislation|相关法律法规|法律法规|国家法律|适用法律"),
    (LawGeneral, "data protection requirements|data protection regulation*|有关法律|现行法律"),
    (Yearly, "once per year|once a year|annual|annually|once per calendar year"),
    (Yearly, "once every twelve|per year|once in any|12-month period"),
    (Yearly, "twelve-month period|once per twelve|once per 12|每年|一年一次|年度"),
    (Yearly, "once every 12|once per contract|yearly|one audit"),
    (Discretion, "sole discretion|its discretion|our discretion|absolute discretion"),
    (Discretion, "自行决定|单方|独立判断"),
    (Subprocessor, "subprocessor*|sub-processor*|sub processor*|子处理者|转委托|受托人|再委托"),
    (Expense, "at its own expense|own cost|own expense|customer's expense"),
    (Expense, "customer’s expense|at your expense|reimburse|bear the cost*"),
    (Expense, "cost of the audit|费用由|承担费用|expense|expenses"),
    (Terms, "these terms|this agreement|the terms|terms of service|terms of use"),
    (Terms, "this policy|the agreement|this privacy policy|privacy policy"),
    (
        Terms,
        "these terms of service|this dpa|本协议|本条款|本政策|服务协议|本服务条款|协议条款|规则|本隐私政策",
    ),
    (Terms, "service specific terms|this addendum|our terms"),
    (ContinuedUse, "continued use|continue to use|continuing to use|continued access"),
    (
        ContinuedUse,
        "继续使用|keep using|continue using|continues to use|视为同意|视为接受|视为您|即视为",
    ),
    (ContinuedUse, "即表示"),
    (Posting, "posting|posted|by publishing|publishing|post the|公布|公示|发布"),
    (
        Plain,
        "相应|应用|适应|效应|反应|供应链|社会|会员|机会|会议|会话|排除|消除|前述|前款|前提|目前|服务内容|协议内容|条款内容|可靠|可见",
    ),
    (Plain, "可行|将来|当前|提前|以前|regardless|table of contents|may not be unique|no longer"),
    (Plain, "notwithstanding the foregoing|training materials|training session*"),
    (Plain, "security training|awareness training|privacy training|employee training"),
    (Plain, "appropriate training|training and support|staff training"),
    (Plain, "personnel training|receive training|training program*|培训"),
    (Plain, "training services|content policy|content delivery|content moderation"),
    (Plain, "but not limited to|not limited to|without limitation|not only"),
    (Plain, "whether or not|no less than|not less than|not later than|no later than"),
    (
        Plain,
        "no more than|not more than|不限于|但不限于|包括但不限于|不低于|不少于|不晚于|不迟于|not otherwise",
    ),
    (
        Plain,
        "if not|not necessarily|not applicable|可能会|不仅|使用权限|使用者|可用|不论|无论|不利",
    ),
    (
        Plain,
        "customer relationship|数据库|数据安全|数据保护|数据处理|数据中心|数据控制|数据主体|数据出境|数据跨境|大数据",
    ),
    (Plain, "训练计划|训练目标|训练建议|训练负荷|训练效果|训练参考|训练历史|训练管理|极端训练"),
    (Plain, "跑步训练|体能训练|训练偏好|训练营|训练师|训练课程"),
    (Plain, "元数据|数据接口|marketing materials|professional development"),
    (Plain, "business development|software development kit|development kit"),
    (Plain, "continuously working|constantly working|程序|使用方式|use case*|acceptable use"),
];
