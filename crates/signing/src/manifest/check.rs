//! Whether a manifest can stand: limits, plain names, one of each, and somebody who signs for
//! every party. Knows nothing of the parts' bytes.

use std::collections::BTreeSet;

use super::{Fault, MOST_PARTS, MOST_PEOPLE, Manifest, ManifestError, Part, PartKind, at};

/// The longest name, position, authority or path.
const MAX_NAME: usize = 512;
/// The longest intent.
const MAX_INTENT: usize = 8192;
impl Manifest {
    pub(super) fn check(&self) -> Result<(), ManifestError> {
        if self.version == 0 {
            return Err(at("version", Fault::Count));
        }
        if (self.version == 1) == self.previous.is_some() {
            return Err(at("previous", Fault::Previous));
        }
        text("intent", &self.intent, MAX_INTENT)?;
        self.check_parts()?;
        self.check_people()
    }

    fn check_parts(&self) -> Result<(), ManifestError> {
        if self.parts.len() > MOST_PARTS {
            return Err(at("parts", Fault::TooMany { limit: MOST_PARTS }));
        }
        let (mut names, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for (index, part) in self.parts.iter().enumerate() {
            let place = |member: &str| format!("parts[{index}].{member}");
            text(&place("name"), &part.name, MAX_NAME)?;
            path(&part.name).map_err(|fault| at(place("name"), fault))?;
            // Two names that one file system takes for the same could hide a part.
            if !names.insert(part.name.to_lowercase()) {
                return Err(at(place("name"), Fault::Twice));
            }
            let single = !matches!(part.kind, PartKind::Annex | PartKind::SealPicture);
            if single && !kinds.insert((part.kind, part.language)) {
                return Err(at(place("kind"), Fault::Twice));
            }
            if !language_fits(part) {
                return Err(at(place("language"), Fault::Language));
            }
            text(&place("media_type"), &part.media_type, MAX_NAME)?;
            if !is_media_type(&part.media_type) {
                return Err(at(place("media_type"), Fault::MediaType));
            }
        }
        match self.parts.iter().any(|part| part.kind == PartKind::Terms) {
            true => Ok(()),
            false => Err(at("parts", Fault::NoTerms)),
        }
    }

    fn check_people(&self) -> Result<(), ManifestError> {
        for (place, count) in
            [("parties", self.parties.len()), ("signatories", self.signatories.len())]
        {
            if count > MOST_PEOPLE {
                return Err(at(place, Fault::TooMany { limit: MOST_PEOPLE }));
            }
            if count == 0 {
                return Err(at(place, Fault::Empty));
            }
        }
        let mut sides = BTreeSet::new();
        for (index, party) in self.parties.iter().enumerate() {
            text(&format!("parties[{index}].name"), &party.name, MAX_NAME)?;
            if let Some(number) = &party.registration_number {
                text(&format!("parties[{index}].registration_number"), number, MAX_NAME)?;
            }
            if !sides.insert(&party.side) {
                return Err(at(format!("parties[{index}].side"), Fault::Twice));
            }
            if !self.signatories.iter().any(|signatory| signatory.side == party.side) {
                return Err(at(format!("parties[{index}]"), Fault::NoSignatory));
            }
        }
        let mut people = BTreeSet::new();
        let orders: BTreeSet<u32> = self.signatories.iter().map(|person| person.order).collect();
        for (index, person) in self.signatories.iter().enumerate() {
            let place = |member: &str| format!("signatories[{index}].{member}");
            text(&place("name"), &person.name, MAX_NAME)?;
            text(&place("role"), &person.role, MAX_NAME)?;
            text(&place("authority"), &person.authority, MAX_NAME)?;
            if !sides.contains(&person.side) {
                return Err(at(place("side"), Fault::NoParty));
            }
            if !people.insert((&person.side, &person.name)) {
                return Err(at(place("name"), Fault::Twice));
            }
            let before = person.order.checked_sub(1);
            if before.is_none_or(|before| before > 0 && !orders.contains(&before)) {
                return Err(at(place("order"), Fault::Count));
            }
        }
        Ok(())
    }
}

fn text(place: &str, text: &str, limit: usize) -> Result<(), ManifestError> {
    if text.trim().is_empty() {
        return Err(at(place, Fault::Empty));
    }
    if text.len() > limit {
        return Err(at(place, Fault::TooMany { limit }));
    }
    if text.contains(char::is_control) {
        return Err(at(place, Fault::Control));
    }
    Ok(())
}

fn path(name: &str) -> Result<(), Fault> {
    let plain = |step: &str| !step.is_empty() && step != "." && step != ".." && step.trim() == step;
    if !name.split('/').all(plain) || name.contains(['\\', ':']) {
        return Err(Fault::Path);
    }
    Ok(())
}

fn language_fits(part: &Part) -> bool {
    match part.kind {
        PartKind::Text => part.language.is_some(),
        PartKind::Terms | PartKind::SealPicture => part.language.is_none(),
        PartKind::Docx | PartKind::Pdf | PartKind::Annex => true,
    }
}

fn is_media_type(text: &str) -> bool {
    let word = |word: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !word.is_empty() && word.bytes().all(allowed)
    };
    text.split_once('/').is_some_and(|(kind, sub)| word(kind) && word(sub))
}
