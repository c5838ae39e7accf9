//! `tally serve`: the interface and the console over HTTP, until it is told to stop. On a
//! deployment without people it prints the one-time link by which the first person comes in.
//! `tally serve PACKAGE` serves a classifier, for which `models::serve` stands.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use desk::Desk;
use desk::people::People;
use serde_json::json;
use server::mail::Mailer;
use server::{App, Config, Outside, Rates};
use tokio::net::TcpListener;
use units::Lang;
use url::Url;

use crate::commands::model::ModelArgs;
use crate::commands::models;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Package of a classifier: serves images in, classes out, in place of the console
    #[arg(value_name = "PACKAGE")]
    package: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, alias = "addr", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Address under which people reach it; otherwise http://localhost and the port
    #[arg(long, value_name = "URL")]
    origin: Option<Url>,
    /// A reverse proxy stands in front: believe its X-Forwarded-For
    #[arg(long)]
    behind_proxy: bool,
    /// File with the token that may read /metrics from elsewhere
    #[arg(long, value_name = "FILE")]
    metrics_token_file: Option<PathBuf>,
    /// Requests a minute that one address may make
    #[arg(long, default_value_t = Rates::default().address, value_name = "N")]
    rate_per_address: NonZeroU32,
    /// Requests a minute that one person or key may make
    #[arg(long, default_value_t = Rates::default().principal, value_name = "N")]
    rate_per_principal: NonZeroU32,
    #[command(flatten)]
    outside: OutsideArgs,
    #[command(flatten)]
    serving: models::ServeModel,
}

/// How the service meets the world outside.
#[derive(Debug, Args)]
struct OutsideArgs {
    /// Let webhooks go to private addresses, and over http to this machine
    #[arg(long)]
    allow_private_webhooks: bool,
    /// File with certificate authorities (PEM) that are trusted beside the public ones
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// File with the sign-in providers (OpenID Connect)
    #[arg(long, value_name = "FILE")]
    oidc: Option<PathBuf>,
    /// Mail server for notices: smtps://[name@]host[:port] or smtp://...
    #[arg(long, value_name = "URL", requires = "mail_from")]
    smtp_url: Option<String>,
    /// Address from which notices are sent
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// File with the password for the mail server; or the environment's TALLY_SMTP_PASSWORD
    #[arg(long, value_name = "FILE")]
    smtp_password_file: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
}

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn run(args: Serve, context: &mut Context) -> Result<(), Failure> {
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|source| Failure::Listen { address: args.listen, source })?;
    let bound = listener.local_addr();
    let bound = bound.map_err(|source| Failure::Listen { address: args.listen, source })?;
    if let Some(package) = &args.package {
        let open = bound.ip().is_loopback() || args.behind_proxy;
        return models::serve(package, &args.serving, (listener, bound, open), context).await;
    }
    let origin = origin(&args, bound, context)?;
    let metrics_token = match &args.metrics_token_file {
        Some(path) => {
            let text = String::from_utf8_lossy(&Context::read(path)?).trim().to_owned();
            Some(text).filter(|text| !text.is_empty())
        }
        None => None,
    };
    let outside = outside(&args.outside)?;
    server::logs::start(context.global.json);
    let desk = Desk::open_running(&context.global.data, context.global.now).await?;
    announce(&desk, &origin, bound, context).await?;
    let rates = Rates {
        address: args.rate_per_address,
        principal: args.rate_per_principal,
        ..Rates::default()
    };
    let config = Config {
        origin,
        behind_proxy: args.behind_proxy,
        metrics_token,
        rates,
        scratch: context.global.data.join("scratch"),
        program: std::env::current_exe().map_err(Failure::read(Path::new("tally")))?,
        outside,
    };
    let app = App::new(desk, config);
    let stopping = app.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        stopping.stop();
    });
    app.serve(listener).await.map_err(|source| Failure::Listen { address: bound, source })
}

/// Reads what the operator gave for the world outside. A password is in a file or in the
/// environment, so that it stands in no list of processes.
fn outside(args: &OutsideArgs) -> Result<Outside, Failure> {
    let authorities = match &args.ca_file {
        Some(path) => server::egress::authorities(&Context::read(path)?)
            .map_err(|error| Failure::setting("--ca-file", error))?,
        None => Vec::new(),
    };
    let providers = args.oidc.as_deref().map(server::oidc::read).transpose();
    let providers = providers.map_err(|error| Failure::setting("--oidc", error))?;
    let mailer = match (&args.smtp_url, &args.mail_from) {
        (Some(server), Some(from)) => {
            let password = match &args.smtp_password_file {
                Some(path) => {
                    Some(String::from_utf8_lossy(&Context::read(path)?).trim_end().to_owned())
                }
                None => std::env::var("TALLY_SMTP_PASSWORD").ok(),
            };
            let mailer = Mailer::new(server, from, password);
            Some(mailer.map_err(|error| Failure::setting("--smtp-url, --mail-from", error))?)
        }
        _ => None,
    };
    Ok(Outside {
        private_addresses: args.allow_private_webhooks,
        authorities,
        providers: providers.unwrap_or_default(),
        mailer,
        model: args.model.model(args.ca_file.as_deref())?,
    })
}

/// The address for people. Open to other machines it is one with TLS, so that no password and no
/// session goes over a network in the clear.
fn origin(args: &Serve, bound: SocketAddr, context: &Context) -> Result<Url, Failure> {
    let local = format!("http://localhost:{}", bound.port());
    let origin = match &args.origin {
        Some(origin) => origin.clone(),
        None => local.parse().expect("a host and a port are an address"),
    };
    let plain = matches!(origin.scheme(), "http" | "https")
        && origin.has_host()
        && origin.path() == "/"
        && origin.query().is_none()
        && origin.username().is_empty();
    if !plain {
        let message = context.say(
            "--origin 应形如 https://tally.example.com",
            "--origin is of the form https://tally.example.com",
        );
        return Err(Failure::Arguments { message: message.to_owned() });
    }
    let safe = bound.ip().is_loopback() || origin.scheme() == "https" || args.behind_proxy;
    if !safe {
        let message = context.say(
            "监听本机以外的地址时，--origin 必须是 https，或在反向代理之后加 --behind-proxy",
            "to listen beyond this machine --origin must be https, or add --behind-proxy",
        );
        return Err(Failure::Arguments { message: message.to_owned() });
    }
    Ok(origin)
}

/// Says where to go. The token stands after `#`: no browser sends it in a request line.
async fn announce(
    desk: &Desk,
    origin: &Url,
    bound: SocketAddr,
    context: &mut Context,
) -> Result<(), Failure> {
    let people = People::of(desk);
    let needed = people.setup_needed().await.map_err(Failure::people)?;
    let mut link = None;
    if needed {
        let token = people.setup_token().await.map_err(Failure::people)?;
        let mut setup = origin.clone();
        setup.set_path("/setup");
        setup.set_fragment(Some(&token));
        link = Some(setup);
    }
    if context.out.is_json() {
        context.out.json(&json!({
            "listen": bound.to_string(),
            "origin": origin,
            "setup": link,
            "rehearsal": desk.settings.rehearsal,
        }))?;
        return context.out.finish();
    }
    let line = match context.words.lang {
        Lang::Zh => format!("正在服务：{origin}"),
        Lang::En => format!("serving at {origin}"),
    };
    context.out.line(line)?;
    if let Some(link) = link {
        let line = match context.words.lang {
            Lang::Zh => format!("  尚无用户；请用这个一次性链接完成初始设置：{link}"),
            Lang::En => format!("  nobody is here yet; set it up with this one-time link: {link}"),
        };
        context.out.line(line)?;
    }
    context.out.finish()
}

/// Waits for SIGINT or SIGTERM.
pub(super) async fn told_to_stop() {
    let interrupt = async {
        // Where signals cannot be heard, only the other one stops the service.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
