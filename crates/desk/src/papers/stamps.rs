//! The time of a signature, attested by an authority (RFC 3161): what it is asked, and its answer
//! kept in the journal. Serves train-11.1, class-5.1. Sends nothing: a face carries the request.

use contract::event::{Actor, Recorded};
use contract::terms::Side;
use contract::{Action, Command};
use signing::timestamp::{self, Request, Stamp};
use units::Id;

use crate::book::DeskError;
use crate::desk::Desk;
use crate::signing::signature_file;

/// A signature: whose, and on which document; on the agreement itself where there is none.
pub type Which<'a> = (Side, Option<&'a Id>);

/// What came back from an authority.
#[derive(Debug, Clone, Copy)]
pub enum Answer<'a> {
    /// The response to a request of [`Desk::timestamp_request`].
    To(&'a Request, &'a [u8]),
    /// A response or a token that came another way: no request to hold it to is at hand.
    Alone(&'a [u8]),
}

impl Desk {
    /// What an authority is asked to stamp: the hash of a signature's envelope, with a number of
    /// its own.
    ///
    /// # Errors
    /// [`contract::Refusal::Unknown`] when the side has not signed, or a fault.
    pub async fn timestamp_request(
        &self,
        agreement: &Id,
        (side, document): Which<'_>,
    ) -> Result<Request, DeskError> {
        let book = self.open_book(agreement).await?;
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&self.random.bytes()?[..16]);
        Ok(Request::new(&signature_file(&book.state, side, document)?, nonce))
    }

    /// Checks what an authority answered, and keeps the token beside the signature. With
    /// certificates of authorities (`trusted`, in DER) a chain must lead to one of them; without
    /// any, the authority's own certificate vouches for itself.
    ///
    /// # Errors
    /// [`DeskError::Timestamp`] when it does not hold, the contract's refusal, or a fault.
    pub async fn keep_timestamp(
        &self,
        agreement: &Id,
        (side, document): Which<'_>,
        by: &str,
        answer: Answer<'_>,
        trusted: &[&[u8]],
    ) -> Result<(Vec<Recorded>, Stamp), DeskError> {
        let mut book = self.open_book(agreement).await?;
        let signature = signature_file(&book.state, side, document)?;
        let (token, stamp) = match (answer, trusted) {
            (Answer::To(request, response), []) => {
                let stamp = timestamp::check_response(response, request)?;
                (timestamp::read_response(response)?, stamp)
            }
            (Answer::To(request, response), _) => {
                let stamp = timestamp::verify_response(response, request, trusted)?;
                (timestamp::read_response(response)?, stamp)
            }
            (Answer::Alone(bytes), []) => {
                let token = timestamp::token_of(bytes)?;
                (token, timestamp::check_token(token, &signature)?)
            }
            (Answer::Alone(bytes), _) => {
                let token = timestamp::token_of(bytes)?;
                (token, timestamp::verify_token(token, &signature, trusted)?)
            }
        };
        let action = Action::StampSignature {
            side,
            document: document.cloned(),
            token: crate::signing::stamp_text(token),
        };
        let command = Command::new(Actor::of(side, by), action);
        Ok((self.execute_on(&mut book, &command).await?, stamp))
    }
}
