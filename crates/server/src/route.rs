//! The table of routes: what each one is called, who may call it, what it reads and answers. The
//! router, the checks before a handler and the OpenAPI document all come from this table, so that
//! none of them can say something else than the others.

use std::time::Duration;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::app::App;
use crate::auth::Gate;

/// Makes the schema of a type.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a route reads.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    /// No body.
    None,
    /// A JSON body.
    Json(SchemaOf),
    /// A body of one of these media types, as bytes.
    Bytes(&'static [&'static str]),
    /// A form with files.
    Multipart(SchemaOf),
}

/// What a route answers when all is well.
#[derive(Clone, Copy)]
pub(crate) enum Output {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(SchemaOf),
    /// Bytes of a media type.
    Media(&'static str),
}

/// How long a route may take, and how much it may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// 1 MiB within 10 seconds.
    Usual,
    /// 64 MiB within 2 minutes.
    Upload,
    /// Answers as long as it is listened to.
    Stream,
}

/// One route.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// Below `/api/v1`.
    pub(crate) path: &'static str,
    /// The name of the operation.
    pub(crate) name: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) gate: Gate,
    /// Whether it needs `Idempotency-Key`.
    pub(crate) idempotent: bool,
    /// Whether the answer holds a secret that is shown once.
    pub(crate) secret: bool,
    pub(crate) query: Option<SchemaOf>,
    pub(crate) input: Input,
    pub(crate) status: u16,
    pub(crate) output: Output,
    pub(crate) class: Class,
    pub(crate) handler: MethodRouter<App>,
}

/// What was declared of the route that a request met; every check reads it from here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declared {
    pub(crate) gate: Gate,
    pub(crate) idempotent: bool,
    pub(crate) secret: bool,
    pub(crate) write: bool,
    pub(crate) status: u16,
    pub(crate) class: Class,
}

impl Declared {
    /// How many bytes a body may have, and how long it may take.
    pub(crate) const fn body_limits(&self) -> (usize, Duration) {
        match self.class {
            Class::Usual | Class::Stream => (1 << 20, Duration::from_secs(8)),
            Class::Upload => (64 << 20, Duration::from_secs(100)),
        }
    }

    /// How long the whole answer may take.
    pub(crate) const fn time(&self) -> Option<Duration> {
        match self.class {
            Class::Usual => Some(Duration::from_secs(10)),
            Class::Upload => Some(Duration::from_secs(120)),
            Class::Stream => None,
        }
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Route {
    fn new<H, T>(method: Method, path: &'static str, name: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = method.clone().try_into().expect("a method of HTTP");
        let write = method != Method::GET;
        Self {
            method,
            path,
            name,
            tag: "",
            summary: "",
            gate: Gate::Signed,
            idempotent: write,
            secret: false,
            query: None,
            input: Input::None,
            status: 200,
            output: Output::Nothing,
            class: Class::Usual,
            handler: on(filter, handler),
        }
    }

    /// A read.
    pub(crate) fn get<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        name: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::GET, path, name, handler)
    }

    /// A write.
    pub(crate) fn post<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        name: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::POST, path, name, handler)
    }

    /// A thing kept under the name that its path gives.
    pub(crate) fn put<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        name: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::PUT, path, name, handler)
    }

    /// A change.
    pub(crate) fn patch<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        name: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::PATCH, path, name, handler)
    }

    /// A removal.
    pub(crate) fn delete<H: Handler<T, App>, T: 'static>(
        path: &'static str,
        name: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::DELETE, path, name, handler)
    }

    /// What it is for, in one line.
    pub(crate) const fn about(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Who may call it.
    pub(crate) const fn gate(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Needs no `Idempotency-Key`, since doing it again does no harm.
    pub(crate) const fn free(mut self) -> Self {
        self.idempotent = false;
        self
    }

    /// Answers a secret that is shown once and kept nowhere.
    pub(crate) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Reads a query.
    pub(crate) const fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(schema_of::<T>);
        self
    }

    /// Reads a JSON body.
    pub(crate) const fn takes<T: JsonSchema>(mut self) -> Self {
        self.input = Input::Json(schema_of::<T>);
        self
    }

    /// Reads bytes.
    pub(crate) const fn takes_bytes(mut self, media: &'static [&'static str]) -> Self {
        self.input = Input::Bytes(media);
        self
    }

    /// Reads a form with files.
    pub(crate) const fn takes_form<T: JsonSchema>(mut self) -> Self {
        self.input = Input::Multipart(schema_of::<T>);
        self
    }

    /// Answers JSON.
    pub(crate) const fn gives<T: JsonSchema>(mut self) -> Self {
        self.output = Output::Json(schema_of::<T>);
        self
    }

    /// Answers JSON about something new.
    pub(crate) const fn makes<T: JsonSchema>(mut self) -> Self {
        self.status = 201;
        self.output = Output::Json(schema_of::<T>);
        self
    }

    /// Answers bytes.
    pub(crate) const fn gives_media(mut self, media: &'static str) -> Self {
        self.output = Output::Media(media);
        self
    }

    /// Answers nothing.
    pub(crate) const fn nothing(mut self) -> Self {
        self.status = 204;
        self.output = Output::Nothing;
        self
    }

    /// Sends the browser elsewhere.
    pub(crate) const fn redirects(mut self) -> Self {
        self.status = 302;
        self.output = Output::Nothing;
        self
    }

    /// Has limits of its own.
    pub(crate) const fn class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }

    /// What the checks before the handler need to know.
    pub(crate) fn declared(&self) -> Declared {
        Declared {
            gate: self.gate,
            idempotent: self.idempotent,
            secret: self.secret,
            write: self.method != Method::GET,
            status: self.status,
            class: self.class,
        }
    }
}

/// Routes of one part of the interface.
pub(crate) fn tagged(tag: &'static str, routes: Vec<Route>) -> Vec<Route> {
    routes.into_iter().map(|route| Route { tag, ..route }).collect()
}
