//! The people of the sample: two companies with somebody for each role, an outside auditor who is
//! let in for a time, and somebody who looks after the platform and reads no agreement. They come
//! by set-up and invitations, as real people do. Serves pb-05, pb-08.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use contract::terms::Side;
use desk::people::{
    Caller, Joining, NewInvitation, NewNote, NewPerson, Operation, Origin, People, PeopleError,
    Role, Visibility,
};
use desk::world::{Random as _, System};
use units::{Id, Timestamp};

use super::DemoError;
use super::cast::{self, PEOPLE, Person};
use super::stage::Stage;

const CUSTOMER: &str = "海川智行 Haichuan Zhixing";
const VENDOR: &str = "青禾数据 Qinghe Data";
const PLATFORM: (&str, &str) = ("唐一川 Tang Yichuan", "platform@tallystick.example.com");
const AUDITOR: (&str, &str) = ("方亦舟 Fang Yizhou", "auditor@mingjian.example.com");
/// How long before the end the people came, and how long after it the auditor may stay.
const CAME_HOURS_AGO: i64 = 156 * 24;
const AUDIT_SECONDS: i64 = 60 * 86_400;
/// Letters and digits that nobody mistakes for each other: 32 of them.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_GROUPS: usize = 4;
const GROUP: usize = 5;

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Their e-mail.
    pub email: String,
    /// What they are, by the code of the role.
    pub role: String,
    /// What they are called.
    pub name: &'static str,
    /// For whom.
    pub organisation: &'static str,
}

/// Everybody, and the password that all share.
#[derive(Debug)]
pub(crate) struct Accounts {
    /// The password.
    pub password: String,
    /// Owners first.
    pub all: Vec<Account>,
}

impl Accounts {
    /// The file for whoever laid the sample down.
    pub(super) fn file(&self) -> String {
        let mut text = String::from("样本部署的账号 / Accounts of the sample deployment\n\n");
        let mut line = |words: std::fmt::Arguments<'_>| {
            text.write_fmt(words).expect("writing to a String does not fail");
        };
        line(format_args!("密码 / password: {}\n\n", self.password));
        for Account { email, role, name, organisation } in &self.all {
            line(format_args!("{email}  {role}  {name}  {organisation}\n"));
        }
        text
    }
}

/// Brings the people in and has them write notes.
pub(super) async fn settle(stage: &Stage, agreements: &[Id]) -> Result<Accounts, DemoError> {
    let password = password()?;
    stage.set(stage.hours_ago(CAME_HOURS_AGO));
    let door = Door { people: People::of(&stage.desk), password };
    let (customer, vendor) = door.companies(agreements).await?;
    let mut callers = vec![(cast::BUYER_OWNER, customer), (cast::SELLER_OWNER, vendor)];
    for person in PEOPLE.iter().skip(callers.len()) {
        let owner = callers.iter().find(|(owner, _)| owner.side == person.side);
        let owner = owner.map(|(_, caller)| caller).ok_or_else(lost)?;
        let invitation = to_company(email(person), [person.role]);
        let caller = door.invite(owner, &invitation, email(person), person.name, None).await?;
        callers.push((*person, caller));
    }
    stage.set(stage.hours_ago(20 * 24));
    let owner = door.sign_in(&email(&cast::BUYER_OWNER)).await?;
    let auditor = door.auditor(stage, &owner, agreements).await?;
    for (person, at, agreement, visibility, text) in notes(stage) {
        let writes = callers.iter().find(|(one, _)| one.name == person.name);
        let (_, caller) = writes.ok_or_else(lost)?;
        let agreement = agreements.get(agreement).ok_or_else(lost)?;
        stage.set(at);
        door.note(caller, agreement, visibility, text).await?;
    }
    stage.set(stage.until);
    let callers = callers.into_iter().map(|(_, caller)| caller);
    for caller in callers.chain([owner, auditor]) {
        door.people.sign_out(&caller).await?;
    }
    Ok(Accounts { password: door.password, all: accounts() })
}

/// What is missing is made here: a fault of the program.
fn lost() -> DemoError {
    PeopleError::NotFound { what: "person" }.into()
}

fn email(person: &Person) -> String {
    let company = match person.side {
        Side::Customer => "haichuan",
        Side::Vendor => "qinghe",
    };
    format!("{}@{company}.example.com", person.user)
}

fn accounts() -> Vec<Account> {
    let each = PEOPLE.iter().map(|person| Account {
        email: email(person),
        role: person.role.code().to_owned(),
        name: person.name,
        organisation: match person.side {
            Side::Customer => CUSTOMER,
            Side::Vendor => VENDOR,
        },
    });
    let others = [(AUDITOR, "auditor"), (PLATFORM, "platform_administrator")];
    let others = others.map(|((name, email), role)| Account {
        email: email.to_owned(),
        role: role.to_owned(),
        name,
        organisation: "",
    });
    each.chain(others).collect()
}

/// A password that nobody can guess.
fn password() -> Result<String, DemoError> {
    let bytes = System.bytes().map_err(desk::DeskError::from)?;
    let letters = bytes.iter().take(PASSWORD_GROUPS * GROUP);
    let letters: Vec<char> =
        letters.map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups = letters.chunks(GROUP).map(String::from_iter);
    Ok(groups.collect::<Vec<_>>().join("-"))
}

fn to_company(email: String, roles: impl Into<BTreeSet<Role>>) -> NewInvitation {
    NewInvitation { email: Some(email), roles: roles.into(), ..NewInvitation::default() }
}

/// Where people come in.
struct Door {
    people: People,
    password: String,
}

impl Door {
    /// A new person with the password of all.
    fn new_person(&self, name: &str, email: &str) -> NewPerson {
        NewPerson {
            name: name.to_owned(),
            email: email.to_owned(),
            password: self.password.clone(),
            lang: "zh".to_owned(),
        }
    }

    /// Who a session belongs to.
    async fn caller(&self, token: &str) -> Result<Caller, DemoError> {
        let caller = self.people.caller(token, &origin()).await.map_err(PeopleError::from)?;
        caller.ok_or_else(lost)
    }

    async fn sign_in(&self, email: &str) -> Result<Caller, DemoError> {
        let signed = self.people.sign_in(email, &self.password, &origin()).await;
        let signed = signed.map_err(PeopleError::from)?;
        self.caller(signed.token()).await
    }

    /// An owner invites somebody, who accepts.
    async fn invite(
        &self,
        owner: &Caller,
        invitation: &NewInvitation,
        email: String,
        name: &str,
        organisation: Option<&str>,
    ) -> Result<Caller, DemoError> {
        let invited = self.people.invite(owner, invitation).await?;
        let organisation = organisation.map(str::to_owned);
        let joining = Joining { organisation, person: Some(self.new_person(name, &email)) };
        let token = self.people.accept(&invited.token, None, &joining, &origin()).await?;
        self.caller(&token.ok_or_else(lost)?).await
    }

    /// Both companies with their owners and seats. Whoever sets the platform up founds the first,
    /// and leaves it.
    async fn companies(&self, agreements: &[Id]) -> Result<(Caller, Caller), DemoError> {
        let people = &self.people;
        let token = people.setup_token().await?;
        let platform = self.new_person(PLATFORM.0, PLATFORM.1);
        let session = people.set_up(&token, CUSTOMER, &platform, &origin()).await?;
        let platform = self.caller(&session).await?;
        let person = cast::BUYER_OWNER;
        let invitation = to_company(email(&person), [Role::Owner]);
        let customer =
            self.invite(&platform, &invitation, email(&person), person.name, None).await?;
        people.remove_member(&customer, platform.person()).await?;
        people.sign_out(&platform).await?;
        let own = customer.organisation().ok_or_else(lost)?.to_owned();
        for agreement in agreements {
            people.seat(agreement, Side::Customer, &own).await?;
        }
        let person = cast::SELLER_OWNER;
        let opposite = NewInvitation {
            email: Some(email(&person)),
            agreement: agreements.first().cloned(),
            side: Some(Side::Vendor),
            ..NewInvitation::default()
        };
        let vendor =
            self.invite(&customer, &opposite, email(&person), person.name, Some(VENDOR)).await?;
        let theirs = vendor.organisation().ok_or_else(lost)?.to_owned();
        for agreement in agreements {
            people.seat(agreement, Side::Vendor, &theirs).await?;
        }
        Ok((customer, vendor))
    }

    /// An auditor from outside sees the lease, for a time.
    async fn auditor(
        &self,
        stage: &Stage,
        owner: &Caller,
        agreements: &[Id],
    ) -> Result<Caller, DemoError> {
        let guest = NewInvitation {
            email: Some(AUDITOR.1.to_owned()),
            roles: [Role::Auditor].into(),
            agreement: agreements.get(2).cloned(),
            side: None,
            until: Some(stage.until.plus_seconds(AUDIT_SECONDS)),
        };
        self.invite(owner, &guest, AUDITOR.1.to_owned(), AUDITOR.0, None).await
    }

    async fn note(
        &self,
        caller: &Caller,
        agreement: &Id,
        visibility: Visibility,
        text: &str,
    ) -> Result<(), DemoError> {
        let entry = self.people.enter(caller, agreement, Operation::Note).await;
        let entry = entry.map_err(PeopleError::from)?;
        let note = NewNote { text: text.to_owned(), visibility, entry: None };
        self.people.write_note(caller, &entry, &note).await?;
        Ok(())
    }
}

/// Where the sample's people come from, for the audit trail.
fn origin() -> Origin {
    Origin {
        address: "127.0.0.1".to_owned(),
        agent: "tally demo".to_owned(),
        request: String::new(),
    }
}

/// Who wrote what, when, at which agreement, for whose eyes; in the order of their times.
fn notes(stage: &Stage) -> [(Person, Timestamp, usize, Visibility, &'static str); 8] {
    use Visibility::{Mine, Shared};
    [
        (
            cast::BUYER_REVIEWER,
            stage.worked(112, 16),
            0,
            Shared,
            "第一轮抽样里行人框普遍偏移，返工时请逐帧复核。\n\
             Pedestrian boxes were off in the first round; please recheck them frame by frame.",
        ),
        (
            cast::SELLER_OPERATOR,
            stage.worked(111, 10),
            0,
            Shared,
            "收到，已换两名标注员复核。 / Understood: two other annotators recheck them.",
        ),
        (
            cast::BUYER_FINANCE,
            stage.worked(30, 11),
            1,
            Mine,
            "里程碑款待迟延索赔谈妥后再付。 / Hold the milestone until the delay is settled.",
        ),
        (
            cast::SELLER_FINANCE,
            stage.worked(17, 15),
            1,
            Shared,
            "二号发票已逾期，请安排付款。 / Invoice 2 is overdue, please arrange its payment.",
        ),
        (
            cast::SELLER_OPERATOR,
            stage.hours_ago(70),
            2,
            Mine,
            "open-bucket 事件的 72 小时通知期在走，今天要发。\n\
             The 72 hours for open-bucket are running: the notice must go out.",
        ),
        (
            cast::BUYER_LAW,
            stage.hours_ago(40),
            3,
            Mine,
            "报价单 2 等法务确认后再签。 / Sign quotation 2 once legal has agreed.",
        ),
        (
            cast::SELLER_LAW,
            stage.hours_ago(39),
            3,
            Shared,
            "报价单 2 我方已签，请查收。 / We have signed quotation 2; it is your turn.",
        ),
        (
            cast::BUYER_OPERATOR,
            stage.hours_ago(1),
            2,
            Shared,
            "gpu7 何时恢复？ / When is gpu7 back?",
        ),
    ]
}
