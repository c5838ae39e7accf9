//! `tally init`: lays down a deployment.

use clap::Args;
use desk::Desk;
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Name of the deployment: the name of its key
    #[arg(long, default_value = "tally", value_name = "NAME")]
    name: String,
    /// A rehearsal: the clock is set with --now, and nothing it signs counts
    #[arg(long)]
    rehearsal: bool,
}

/// Lays down the folder, the database and the key.
pub(crate) async fn run(args: Init, context: &mut Context) -> Result<(), Failure> {
    let folder = context.global.data.clone();
    Desk::create(&folder, &args.name, args.rehearsal).await?;
    let now = context.global.now.filter(|_| args.rehearsal);
    let desk = Desk::open(&folder, now).await?;
    let key = desk.key.verifier();
    if context.out.is_json() {
        return context.out.json(&json!({
            "data": folder.display().to_string(),
            "name": desk.settings.name,
            "rehearsal": desk.settings.rehearsal,
            "key": key.to_string(),
        }));
    }
    let folder = folder.display();
    let line = match context.words.lang {
        units::Lang::Zh => format!("已在 {folder} 建立部署“{}”", desk.settings.name),
        units::Lang::En => format!("deployment {} laid down in {folder}", desk.settings.name),
    };
    context.out.line(line)?;
    let label = context.say("公钥（交给双方留存）", "public key (hand it to both parties)");
    let line = format!("{label}  {key}");
    context.out.line(line)?;
    let next = context.say(
        "下一步：tally new --kind annotation --out 协议.toml 写出样本，或 tally new 协议.toml 登记",
        "next: tally new --kind annotation --out agreement.toml, then tally new agreement.toml",
    );
    let next = format!("→ {next}");
    context.out.note(&next)
}
