//! Names of the roles that a person has in an organisation.

codes! {
    /// Roles by their code.
    ROLES {
    "annotator": "标注员", "annotator";
    "auditor": "审计员", "auditor";
    "finance": "财务", "finance";
    "negotiator": "商务", "negotiator";
    "operator": "运维", "operator";
    "owner": "所有者", "owner";
    "reviewer": "审核员", "reviewer";
    "signatory": "签署人", "signatory";
} }
