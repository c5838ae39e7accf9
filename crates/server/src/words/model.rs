//! Why a language model proposed nothing, and what to do about it.

use document::say;
use review::proposal::{AnswerError, AskError};

use super::Words;
use crate::egress::EgressError;
use crate::model::ModelError;

pub(super) fn of_model(words: &Words, error: &ModelError) -> String {
    match error {
        ModelError::Ask(error) => of_ask(words, error),
        ModelError::Busy => {
            say!(words, "语言模型正忙；请稍后重试", "the language model is busy: try again later")
        }
        ModelError::Unreachable(error) => of_way(words, error),
        ModelError::Redirect => say!(
            words,
            "语言模型的地址转向别处，未跟随；请填写最终地址",
            "the endpoint of the language model redirects, and nobody followed: give its own address"
        ),
        ModelError::Key { status } => say!(
            words,
            "语言模型的服务不接受密钥（{status}）；请核对密钥",
            "the endpoint of the language model does not take the key ({status}): check the key"
        ),
        ModelError::Status { status } => say!(
            words,
            "语言模型的服务回答 {status}；请核对地址和模型名称",
            "the endpoint of the language model answered {status}: check its address and the name"
        ),
        ModelError::Answer(error) => of_answer(words, error),
    }
}

fn of_ask(words: &Words, error: &AskError) -> String {
    match error {
        AskError::TooLong { characters, limit } => say!(
            words,
            "文件有 {characters} 个字符，交给语言模型的上限是 {limit}，未发送",
            "the document has {characters} characters; a model is given at most {limit}: not sent"
        ),
        AskError::Empty => {
            say!(words, "文件没有文字，未发送", "the document has no words: not sent")
        }
    }
}

fn of_way(words: &Words, error: &EgressError) -> String {
    let code = error.code();
    match error {
        EgressError::Timeout => {
            say!(words, "语言模型没有在规定时间内回答", "the language model did not answer in time")
        }
        EgressError::NotPublic { .. } => say!(
            words,
            "语言模型在内网或本机；确属本意请用 --allow-private-model",
            "the language model is at a private address: if that is meant, --allow-private-model"
        ),
        _ => say!(
            words,
            "连不上语言模型的服务（{code}）；请核对地址",
            "the endpoint of the language model cannot be reached ({code}): check its address"
        ),
    }
}

fn of_answer(words: &Words, error: &AnswerError) -> String {
    match error {
        AnswerError::TooLong { limit } => say!(
            words,
            "语言模型的回答超过 {limit} 字节，未采用",
            "the language model's answer is longer than {limit} bytes: not used"
        ),
        AnswerError::NotJson => say!(
            words,
            "对方的回答不是 JSON；地址应是 OpenAI 兼容的接口，如 https://主机/v1",
            "the answer is not JSON: the address is that of an OpenAI-compatible interface"
        ),
        AnswerError::NotCompletion => say!(
            words,
            "对方的回答不是 Chat Completions；请核对地址",
            "the answer is no Chat Completions answer: check the address"
        ),
        AnswerError::Declined => {
            say!(words, "语言模型拒绝回答", "the language model declined to answer")
        }
        AnswerError::Cut => say!(
            words,
            "语言模型的回答中途截断，未采用；请放宽它的输出长度",
            "the language model's answer breaks off and was not used: let it answer at more length"
        ),
        AnswerError::Form => say!(
            words,
            "语言模型没有按所要求的格式回答，未采用",
            "the language model did not answer in the asked form: nothing was used"
        ),
    }
}
