//! `tally keyframes`: the keyframes of a video with their exact times, its shots, and what was
//! only a flash. Needs no deployment. Clause: anno-3.1.3.

use std::fmt::Write as _;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use units::{Decimal, Fraction, Lang};
use video::{
    Analysis, By, Detector, Keyframe, Limits, Moment, Notice, Oddity, Seconds, Shots, Strip,
    Timestamps, Why, analyse, analyse_with_strip, choose, probe, shots, write_pictures,
};

use crate::args::decimal;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// How many keyframes and oddities are shown; the files and `--json` have all.
const SHOWN: usize = 20;

/// Arguments of `keyframes`.
#[derive(Debug, Args)]
pub(crate) struct Keyframes {
    /// The video
    #[arg(value_name = "VIDEO")]
    video: PathBuf,
    /// How keyframes are chosen
    #[arg(long = "by", id = "rule", value_name = "RULE", default_value = "shot")]
    rule: Rule,
    /// Seconds from one keyframe to the next, for --by interval
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    every: Decimal,
    /// Moments in seconds on the file's own clock, for --by hand
    #[arg(long, value_name = "SECONDS", value_delimiter = ',', value_parser = seconds)]
    at: Vec<Decimal>,
    /// Which frame stands for a shot
    #[arg(long, value_name = "FRAME", default_value = "middle")]
    frame: Stands,
    /// How cuts between shots are found
    #[arg(long, value_name = "DETECTOR", default_value = "content")]
    detector: Finder,
    /// Content value from which the content detector sees a cut, 15 to 255
    #[arg(long, value_name = "VALUE", default_value = "27", value_parser = decimal)]
    threshold: Decimal,
    /// A shot lasts at least so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "0.6", value_parser = seconds)]
    shortest: Decimal,
    /// Folder for the pictures and the lists
    #[arg(long = "out", id = "folder", value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// How keyframes are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// Frames that are coded without others
    IFrame,
    /// At a fixed interval
    Interval,
    /// One of each shot
    Shot,
    /// At given moments
    Hand,
}

/// Which frame stands for a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stands {
    /// The first
    First,
    /// The middle one
    Middle,
    /// The sharpest
    Sharpest,
}

/// How cuts are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Finder {
    /// The change of colours reaches a threshold
    Content,
    /// The change stands out from its neighbours
    Adaptive,
}

/// `2`, `0.5` or `2s`.
fn seconds(text: &str) -> Result<Decimal, String> {
    text.strip_suffix('s').unwrap_or(text).parse().map_err(|_| "2.5".to_owned())
}

/// Reads the video, chooses, writes and shows.
pub(crate) fn run(args: &Keyframes, context: &mut Context) -> Result<(), Failure> {
    let (by, detector) = (rule(args, context.words.lang)?, finder(args)?);
    let limits = Limits::default();
    let failed = |source| Failure::Video { path: args.video.clone(), source };
    let probe = probe(&args.video, &limits).map_err(failed)?;
    let bar = progress(context);
    let seen = |frames| bar.set_position(frames);
    if let Some(folder) = &args.folder {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|source| Failure::Write { path: folder.clone(), source })?;
    }
    let (analysis, strip) = match &args.folder {
        None => (analyse(probe, &limits, seen).map_err(failed)?, None),
        Some(folder) => {
            let both = analyse_with_strip(probe, &limits, (folder, NonZeroU64::MIN), seen)
                .map_err(failed)?;
            (both.0, Some(both.1))
        }
    };
    bar.finish_and_clear();
    let found = shots(&analysis.frames, analysis.timebase, detector, args.shortest.to_fraction());
    let chosen = choose(&analysis, &found, &by).map_err(Failure::Keyframes)?;
    let mut pictures = Vec::new();
    if let (Some(folder), Some(strip)) = (&args.folder, &strip) {
        write_thumbnails(strip, &chosen, &folder.join("thumbnails"))?;
        pictures = write_pictures(&analysis, &chosen, folder, &limits).map_err(failed)?;
        write_lists(folder, &analysis, &found, &chosen)?;
    }
    if context.out.is_json() {
        return context.out.json(&document(&analysis, &found, &chosen, &pictures));
    }
    show(args, &analysis, &found, &chosen, context)
}

fn rule(args: &Keyframes, lang: Lang) -> Result<By, Failure> {
    let arguments = |zh: &str, en: &str| {
        let message = if lang == Lang::Zh { zh } else { en };
        Failure::Arguments { message: message.to_owned() }
    };
    if !args.at.is_empty() && args.rule != Rule::Hand {
        return Err(arguments("--at 只与 --by hand 同用", "--at goes with --by hand"));
    }
    Ok(match args.rule {
        Rule::IFrame => By::IFrame,
        Rule::Interval => By::Interval(args.every.to_fraction()),
        Rule::Shot => By::Shot(match args.frame {
            Stands::First => Moment::First,
            Stands::Middle => Moment::Middle,
            Stands::Sharpest => Moment::Sharpest,
        }),
        Rule::Hand if args.at.is_empty() => {
            return Err(arguments("--by hand 须给出 --at", "--by hand needs --at"));
        }
        Rule::Hand => By::Hand(args.at.iter().map(|at| at.to_fraction()).collect()),
    })
}

fn finder(args: &Keyframes) -> Result<Detector, Failure> {
    if args.detector == Finder::Adaptive {
        return Ok(Detector::Adaptive);
    }
    let milli = args.threshold.to_fraction().checked_mul(Fraction::whole(1000));
    let milli =
        milli.filter(|milli| milli.den() == 1).and_then(|milli| milli.num().try_into().ok());
    let threshold_milli = milli.filter(|milli| (15_000..=255_000).contains(milli));
    let threshold_milli = threshold_milli.ok_or_else(|| Failure::BadValue {
        field: "--threshold".to_owned(),
        text: args.threshold.to_string(),
        form: "27.5".to_owned(),
    })?;
    Ok(Detector::Content { threshold_milli })
}

fn progress(context: &Context) -> ProgressBar {
    if !context.out.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let words = match context.words.lang {
        Lang::Zh => "{spinner} 已读 {pos} 帧",
        Lang::En => "{spinner} {pos} frames read",
    };
    if let Ok(style) = ProgressStyle::with_template(words) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn document(
    analysis: &Analysis,
    found: &Shots,
    chosen: &[Keyframe],
    pictures: &[String],
) -> serde_json::Value {
    json!({
        "video": analysis.probe,
        "timebase": analysis.timebase,
        "variable_rate": analysis.variable_rate,
        "frames": analysis.frames.len(),
        "shots": found.starts,
        "flashes": found.flashes,
        "keyframes": chosen,
        "pictures": pictures,
        "notices": analysis.notices,
    })
}

/// Small pictures of the keyframes, from the decode that found them.
fn write_thumbnails(strip: &Strip, chosen: &[Keyframe], folder: &Path) -> Result<(), Failure> {
    let made = std::fs::create_dir_all(folder);
    made.map_err(|source| Failure::Write { path: folder.to_path_buf(), source })?;
    for one in chosen {
        let read = strip.picture(one.frame);
        let read = read.map_err(|source| Failure::Video { path: folder.to_path_buf(), source })?;
        if let Some(bytes) = read {
            Context::write(&folder.join(format!("{}.jpg", one.pts)), &bytes)?;
        }
    }
    Ok(())
}

fn write_lists(
    folder: &Path,
    analysis: &Analysis,
    found: &Shots,
    chosen: &[Keyframe],
) -> Result<(), Failure> {
    let base = analysis.timebase;
    let mut keyframes = String::from("frame,pts,timebase,time,time_is_exact,why,detail\n");
    for one in chosen {
        let (why, detail) = codes(&one.why);
        let Seconds { time, time_is_exact } = &one.seconds;
        let (frame, pts) = (one.frame, one.pts);
        lines(
            &mut keyframes,
            format_args!("{frame},{pts},{base},{time},{time_is_exact},{why},{detail}"),
        );
    }
    let mut frames = String::from("frame,pts,timebase,key,intra,content_value,sharpness\n");
    for (at, one) in analysis.frames.iter().enumerate() {
        let pts = one.pts.map(|pts| pts.to_string()).unwrap_or_default();
        let score = Decimal::new(one.score_milli.into(), 3);
        let sharpness = Decimal::new(one.sharpness.into(), 3);
        let (key, intra) = (one.key, one.intra);
        lines(&mut frames, format_args!("{at},{pts},{base},{key},{intra},{score},{sharpness}"));
    }
    let mut flashes = String::from("frame,back\n");
    for flash in &found.flashes {
        lines(&mut flashes, format_args!("{},{}", flash.frame, flash.back));
    }
    let mut whole = serde_json::to_vec_pretty(&document(analysis, found, chosen, &[]))
        .map_err(Failure::unwritable)?;
    whole.push(b'\n');
    Context::write(&folder.join("keyframes.csv"), keyframes.as_bytes())?;
    Context::write(&folder.join("frames.csv"), frames.as_bytes())?;
    Context::write(&folder.join("flashes.csv"), flashes.as_bytes())?;
    Context::write(&folder.join("keyframes.json"), &whole)
}

fn lines(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a text takes every line");
}

/// The code of a reason, and what belongs to it.
fn codes(why: &Why) -> (&'static str, String) {
    match why {
        Why::IFrame => ("i_frame", String::new()),
        Why::Interval { at } => ("interval", at.clone()),
        Why::Shot { shot, .. } => ("shot", shot.to_string()),
        Why::Hand { at } => ("hand", at.clone()),
    }
}

fn why(why: &Why, lang: Lang) -> String {
    match (lang, why) {
        (Lang::Zh, Why::IFrame) => "I 帧".to_owned(),
        (Lang::En, Why::IFrame) => "I-frame".to_owned(),
        (Lang::Zh, Why::Interval { at }) => format!("间隔：{at} 秒"),
        (Lang::En, Why::Interval { at }) => format!("interval: {at} s"),
        (Lang::Zh, Why::Shot { shot, .. }) => format!("第 {shot} 个镜头"),
        (Lang::En, Why::Shot { shot, .. }) => format!("shot {shot}"),
        (Lang::Zh, Why::Hand { at }) => format!("指定：{at} 秒"),
        (Lang::En, Why::Hand { at }) => format!("asked for: {at} s"),
    }
}

fn show(
    args: &Keyframes,
    analysis: &Analysis,
    found: &Shots,
    chosen: &[Keyframe],
    context: &mut Context,
) -> Result<(), Failure> {
    let lang = context.words.lang;
    let stream = &analysis.probe.stream;
    let (width, height) = stream.shown();
    let (codec, base) = (&stream.codec, analysis.timebase);
    let (frames, shots) = (analysis.frames.len(), found.starts.len());
    let (flashes, count) = (found.flashes.len(), chosen.len());
    let heading = match lang {
        Lang::Zh => format!(
            "{codec} {width}×{height}，{frames} 帧，时间基 {base}；{shots} 个镜头，{flashes} 次闪光，{count} 个关键帧"
        ),
        Lang::En => format!(
            "{codec} {width}×{height}, {frames} frames, timebase {base}; \
             {shots} shots, {flashes} flashes, {count} keyframes"
        ),
    };
    context.out.heading(&heading)?;
    for line in facts(analysis, lang) {
        context.out.line(line)?;
    }
    let [frame, time, reason] = match lang {
        Lang::Zh => ["帧", "秒", "原因"],
        Lang::En => ["frame", "seconds", "why"],
    };
    let header = [
        (frame, Column::Right),
        ("PTS", Column::Right),
        (time, Column::Right),
        (reason, Column::Text),
    ];
    let row = |one: &Keyframe| {
        let about = if one.seconds.time_is_exact { "" } else { "≈" };
        let time = format!("{about}{}", one.seconds.time);
        vec![one.frame.to_string(), one.pts.to_string(), time, why(&one.why, lang)]
    };
    let rows: Vec<Vec<String>> = chosen.iter().take(SHOWN).map(row).collect();
    let text = table(context, &header, rows);
    context.out.line(text)?;
    if count > SHOWN {
        let more = count - SHOWN;
        let line = match lang {
            Lang::Zh => format!("  … 另有 {more} 个（--out 或 --json 给出全部）"),
            Lang::En => format!("  … {more} more (--out or --json gives all)"),
        };
        context.out.note(&line)?;
    }
    for flash in found.flashes.iter().take(SHOWN) {
        let (from, back) = (flash.frame, flash.back);
        context.out.line(match lang {
            Lang::Zh => format!("闪光，不作切换：第 {from} 帧起，第 {back} 帧恢复"),
            Lang::En => format!("a flash, no cut: from frame {from}, gone at frame {back}"),
        })?;
    }
    for notice in analysis.notices.iter().take(SHOWN) {
        let line = context.out.paint_error(Paint::Yellow, &oddity(notice, lang));
        context.out.note(&line)?;
    }
    if let Some(folder) = &args.folder {
        context.out.line(folder.display().to_string())?;
    }
    Ok(())
}

/// What a person must know before trusting frame numbers.
fn facts(analysis: &Analysis, lang: Lang) -> Vec<&'static str> {
    let stream = &analysis.probe.stream;
    let said = |zh, en| match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let mut facts = Vec::new();
    if analysis.variable_rate {
        facts.push(said("帧率可变：以 PTS 为准", "variable frame rate: trust the PTS"));
    }
    if stream.timestamps == Timestamps::Assumed {
        facts.push(said(
            "文件没有时间戳：由 FFmpeg 按假定帧率计数",
            "the file has no timestamps: FFmpeg counts frames at a rate that it assumes",
        ));
    }
    if stream.duration_ticks.is_none() {
        facts.push(said("流未写明时长", "the stream declares no length"));
    }
    if stream.rotation != 0 {
        facts.push(said("画面已按旋转标记转正", "frames are turned upright"));
    }
    facts
}

fn oddity(notice: &Notice, lang: Lang) -> String {
    let frame = notice.frame;
    match (lang, &notice.what) {
        (Lang::Zh, Oddity::Decoder { said }) => format!("第 {frame} 帧处，解码器：{said}"),
        (Lang::En, Oddity::Decoder { said }) => format!("at frame {frame}, the decoder: {said}"),
        (Lang::Zh, Oddity::NoTimestamp) => format!("第 {frame} 帧没有时间戳，不能作关键帧"),
        (Lang::En, Oddity::NoTimestamp) => {
            format!("frame {frame} has no timestamp and can be no keyframe")
        }
        (Lang::Zh, Oddity::NotLater { pts }) => format!("第 {frame} 帧（PTS {pts}）不晚于前一帧"),
        (Lang::En, Oddity::NotLater { pts }) => {
            format!("frame {frame} (PTS {pts}) is not later than the one before")
        }
    }
}
