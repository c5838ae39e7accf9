//! Bad input: every problem is named with its place, and the rest is taken.

use std::num::NonZeroU32;

use desk::import::probe::Prober;
use desk::import::{Imported, Limits, Severity, cloudevents, detect, probe, slurm, usage_csv};

use crate::show::{events, findings, jobs_from_text};

type Read = fn(&[u8]) -> Imported;

/// One row: the input, how many records are taken, and every finding.
fn check(read: Read, rows: &[(&str, usize, &[&str])]) {
    for (input, taken, want) in rows {
        let imported = read(input.as_bytes());
        assert_eq!(findings(&imported), *want, "{input}");
        assert_eq!(imported.records.len(), *taken, "{input}");
    }
}

fn prober(degraded_above_ms: Option<u64>) -> Prober {
    Prober {
        source: "prober".to_owned(),
        interval_seconds: NonZeroU32::new(60).expect("not zero"),
        tolerance_seconds: 5,
        degraded_above_ms,
    }
}

fn read_usage(bytes: &[u8]) -> Imported {
    usage_csv::read(bytes, &Limits::default())
}

fn read_cloud(bytes: &[u8]) -> Imported {
    cloudevents::read(bytes, &Limits::default())
}

fn read_probes(bytes: &[u8]) -> Imported {
    probe::read(bytes, &prober(None), &Limits::default())
}

fn read_sacct(bytes: &[u8]) -> Imported {
    slurm::read_json(bytes, &Limits::default())
}

#[test]
fn a_bad_row_of_usage_is_named_and_the_others_are_taken() {
    let table = |rows: &str| format!("source,id,time,meter,quantity,subject\n{rows}\n");
    let good = "api,g,2026-03-01T00:00:00Z,images,7,";
    let row = |quantity: &str| format!("api,a,2026-03-01T00:00:00Z,images,{quantity},c\n{good}");
    let quantity = |text: &str, code: &str| {
        let want = format!("line 2: {code} field=quantity text={text}");
        check(read_usage, &[(&table(&row(text)), 1, &[&want])]);
    };
    for text in ["1.0", "1e3", "NaN", "inf", "+1", "007", "0x10", " 1", "１", "1_000"] {
        quantity(text, "not_an_integer");
    }
    quantity("-1", "negative_quantity");
    quantity("18446744073709551616", "too_large");
    check(read_usage, &[(&table(&row("18446744073709551615")), 2, &[])]);
    let rows: &[(&str, &str)] = &[
        ("api,a,2026-03-01T00:00:00Z,images,,c", "line 2: missing_field field=quantity"),
        (",a,2026-03-01T00:00:00Z,images,1,c", "line 2: missing_field field=source"),
        ("api,a,2026-03-01,images,1,c", "line 2: not_a_time field=time text=2026-03-01"),
        (
            "api,a,2026-03-01T00:00:00,images,1,c",
            "line 2: not_a_time field=time text=2026-03-01T00:00:00",
        ),
        ("api,a,2026-03-01T00:00:00Z,images,1", "line 2: column_count have=5 want=6"),
        ("api,a,2026-03-01T00:00:00Z,images,1,c,d", "line 2: column_count have=7 want=6"),
        ("api,\"a,2026-03-01T00:00:00Z,images,1,c", "line 2: bad_quoting column=2"),
        ("api,a\"b,2026-03-01T00:00:00Z,images,1,c", "line 2: bad_quoting column=2"),
        ("api,\"a\"b,2026-03-01T00:00:00Z,images,1,c", "line 2: bad_quoting column=2"),
        ("api,a\u{7},2026-03-01T00:00:00Z,images,1,c", "line 2: not_a_name field=id text=a\u{7}"),
    ];
    for (bad, want) in rows {
        check(read_usage, &[(&table(&format!("{bad}\n{good}")), 1, &[want])]);
    }
}

#[test]
fn a_header_that_cannot_be_read_stops_the_table() {
    check(
        read_usage,
        &[
            ("", 0, &["file: empty"]),
            ("\u{feff}\r\n\r\n", 0, &["file: empty"]),
            ("source;id;time;meter;quantity;subject\n", 0, &["line 1: wrong_separator found=;"]),
            (
                "source,id,time,meter,quantity\na,b,c,d,e\n",
                0,
                &["line 1: missing_column field=subject"],
            ),
            (
                "source,id,time,meter,quantity,subject,id\n",
                0,
                &["line 1: duplicate_column field=id"],
            ),
            (
                "note,source,id,time,meter,quantity,subject\nx,api,a,2026-03-01T00:00:00Z,m,1,\n",
                1,
                &["line 1: unknown_column field=note"],
            ),
        ],
    );
}

#[test]
fn other_encodings_are_named() {
    let header = b"source,id,time,meter,quantity,subject\n";
    let good = "api,g,2026-03-01T00:00:00Z,images,7,客户\n".as_bytes();
    // "客户" in GB18030, and a four-byte character of it.
    for (bytes, want) in [
        (&b"api,a,2026-03-01T00:00:00Z,images,1,\xBF\xCD\xBB\xA7\n"[..], "\"gb18030\""),
        (&b"api,a,2026-03-01T00:00:00Z,images,1,\x81\x30\x81\x30\n"[..], "\"gb18030\""),
        (&b"api,a,2026-03-01T00:00:00Z,images,1,\xFF\n"[..], "null"),
        (&b"api,caf\xE9,2026-03-01T00:00:00Z,images,1,x\n"[..], "null"),
    ] {
        let imported = read_usage(&[header, bytes, good].concat());
        let want = format!("line 2: not_utf8 looks_like={}", want.trim_matches('"'));
        assert_eq!(findings(&imported), [want]);
        assert_eq!(imported.records.len(), 1);
    }
    let utf16 = read_usage(b"\xFF\xFEs\0o\0");
    assert_eq!(findings(&utf16), ["file: not_utf8 looks_like=utf16"]);
}

#[test]
fn the_same_key_is_a_duplicate_or_a_conflict() {
    let row = |quantity: u64| format!("api,a,2026-03-01T00:00:00Z,images,{quantity},c\n");
    let header = "source,id,time,meter,quantity,subject\n";
    let twice = read_usage(format!("{header}{}{}", row(1), row(1)).as_bytes());
    assert_eq!(findings(&twice), [r#"line 3: duplicate_id first={"line":2} id=a source=api"#]);
    assert!(twice.is_clean());
    let other = read_usage(format!("{header}{}{}", row(1), row(2)).as_bytes());
    let content = &other.findings[0];
    assert_eq!(content.severity(), Severity::Conflict);
    assert_eq!(other.records.len(), 1);
    assert!(!other.is_clean());
    let only = read_usage(format!("{header}{}", row(2)).as_bytes());
    let hex: String = only.records[0].content.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(findings(&other)[0].contains(&hex), "the other content is named by its hash");
}

#[test]
fn a_bad_event_is_named_and_the_others_are_taken() {
    let event = |from: &str, to: &str| {
        let good = concat!(
            r#"{"specversion":"1.0","id":"a","source":"api","type":"tallystick.usage.v1","#,
            r#""time":"2026-03-01T00:00:00Z","data":{"meter":"images","quantity":1}}"#
        );
        assert!(good.contains(from), "{from}");
        format!("{}\n{}\n", good.replace(from, to), good.replace(r#""id":"a""#, r#""id":"g""#))
    };
    let rows: &[(&str, &str, &str)] = &[
        (r#""specversion":"1.0","#, "", "missing_field field=specversion"),
        (r#""1.0""#, r#""0.3""#, "unknown_version field=specversion text=0.3"),
        (r#""id":"a","#, "", "missing_field field=id"),
        (r#""id":"a""#, r#""id":"""#, "missing_field field=id"),
        (r#""id":"a""#, r#""id":7"#, "wrong_shape field=id want=text"),
        (r#""id":"a""#, r#""id":"a","id":"b""#, "duplicate_key key=id"),
        (r#""source":"api","#, "", "missing_field field=source"),
        (r#""type":"tallystick.usage.v1","#, "", "missing_field field=type"),
        ("tallystick.usage.v1", "com.example", "unknown_type text=com.example"),
        ("2026-03-01T00:00:00Z", "yesterday", "not_a_time field=time text=yesterday"),
        (r#""time":"#, r#""Time":"#, "unknown_field field=Time"),
        (r#""quantity":1"#, r#""quantity":1.0"#, "not_an_integer field=data.quantity text=1.0"),
        (r#""quantity":1"#, r#""quantity":1e3"#, "not_an_integer field=data.quantity text=1000.0"),
        (r#""quantity":1"#, r#""quantity":-1"#, "negative_quantity field=data.quantity text=-1"),
        (r#""quantity":1"#, r#""quantity":"1""#, "wrong_shape field=data.quantity want=integer"),
        (r#""quantity":1"#, r#""quantity":null"#, "missing_field field=data.quantity"),
        (
            r#""quantity":1"#,
            r#""quantity":18446744073709551616"#,
            "too_large field=data.quantity text=1.8446744073709552e19",
        ),
        (r#""quantity":1"#, r#""quantity":NaN"#, "not_json column=141 line=1"),
        (r#""quantity":1"#, r#""quantity":1,"quantity":2"#, "duplicate_key key=quantity"),
        (r#""quantity":1"#, r#""quantity":1,"amount":2"#, "unknown_field field=data.amount"),
        (r#","data":{"meter":"images","quantity":1}"#, "", "missing_field field=data"),
        (r#"{"meter":"images","quantity":1}"#, "7", "wrong_shape field=data want=object"),
        (r#""data":"#, r#""data_base64":"#, "unknown_field field=data_base64"),
        (r#""id":"a""#, r#""id":"a","sequence":"x""#, "not_an_integer field=sequence text=x"),
        ("1}}", "1}", "ends_early column=142 line=1"),
    ];
    for (from, to, want) in rows {
        check(read_cloud, &[(&event(from, to), 1, &[&format!("line 1: {want}")])]);
    }
}

#[test]
fn events_of_all_four_types_are_read() {
    let batch = r#"[
      {"specversion":"1.0","id":"1","source":"s","type":"tallystick.usage.v1","sequence":"0007",
       "time":"2026-03-01T08:00:00.123456789+08:00","subject":"c","traceparent":"x",
       "data":{"meter":"images","quantity":3,"latency_ms":12}},
      {"specversion":"1.0","id":"2","source":"s","type":"tallystick.storage.v1",
       "time":"2026-03-01T00:00:00Z","data":{"bytes":1000}},
      {"specversion":"1.0","id":"3","source":"s","type":"tallystick.probe.v1",
       "time":"2026-03-01T00:00:00Z","data":{"from":"2026-03-01T00:00:00Z",
       "to":"2026-03-01T00:01:00Z","state":"degraded"}},
      {"specversion":"1.0","id":"4","source":"s","type":"tallystick.result.v1",
       "time":"2026-03-01T00:00:00Z","data":{"metric":"flops","value":"312.5"}},
      {"specversion":"1.0","id":"5","source":"s","type":"tallystick.result.v1",
       "time":"2026-03-01T00:00:00Z","data":{"metric":"flops","value":312.5}},
      {"specversion":"1.0","id":"6","source":"s","type":"tallystick.result.v1",
       "time":"2026-03-01T00:00:00Z","data":{"metric":"charm","value":1}}]"#;
    let imported = read_cloud(batch.as_bytes());
    let want = ["/4: not_a_decimal field=data.value text=312.5", "/5: unknown_metric text=charm"];
    assert_eq!(findings(&imported), want);
    assert_eq!(imported.records.len(), 4);
    let first = &imported.records[0];
    assert_eq!((first.seq, first.at.to_string()), (Some(7), "2026-03-01T00:00:00.123456Z".into()));
    // The same event as a row of a table has the same content, whatever its trace says.
    let row = "source,id,time,meter,quantity,subject,sequence,latency_ms\n\
               s,1,2026-03-01T00:00:00.123456Z,images,3,c,7,12\n";
    assert_eq!(read_usage(row.as_bytes()).records[0].content, first.content);
}

#[test]
fn a_text_of_ten_million_levels_is_refused() {
    let deep = "[".repeat(10_000_000);
    assert_eq!(findings(&read_cloud(deep.as_bytes())), ["file: too_deep column=128 line=1"]);
    let inside = format!("{{\"meta\":{deep}");
    let ends = format!("file: ends_early column={} line=1", inside.len());
    assert_eq!(findings(&read_sacct(inside.as_bytes())), [ends]);
    let inside = format!("{{\"jobs\":{deep}");
    assert_eq!(findings(&read_sacct(inside.as_bytes())), ["file: too_deep column=135 line=1"]);
    let objects = "{\"a\":".repeat(1_000);
    assert_eq!(findings(&read_cloud(objects.as_bytes())), ["line 1: too_deep column=636 line=1"]);
}

#[test]
fn a_broken_dump_keeps_the_jobs_before_the_break() {
    let job = r#"{"job_id":1,"cluster":"c","state":{"current":"COMPLETED"},"nodes":"n1",
        "time":{"start":1000,"end":1010,"elapsed":10},"tres":{"allocated":[]}}"#;
    let whole = format!(r#"{{"jobs":[{job}],"errors":[]}}"#);
    let rows: &[(String, usize, Vec<&str>)] = &[
        (whole.clone(), 1, vec![]),
        (format!(r#"{{"jobs":[{job},{{"job_id":"#), 1, vec!["file: ends_early column=89 line=2"]),
        (format!("{whole} x"), 1, vec!["file: not_json column=94 line=2"]),
        ("[]".into(), 0, vec!["file: wrong_shape field= want=object"]),
        ("{}".into(), 0, vec!["file: missing_field field=jobs"]),
        (r#"{"jobs":[],"jobs":[]}"#.into(), 0, vec!["file: duplicate_key key=jobs"]),
        (r#"{"jobs":7}"#.into(), 0, vec!["file: wrong_shape field= want=object"]),
        (
            format!(r#"{{"jobs":[{job}],"errors":[{{"description":"lost","error":"e"}}]}}"#),
            1,
            vec!["/errors/0: source_error text=lost"],
        ),
    ];
    for (input, taken, want) in rows {
        check(read_sacct, &[(input, *taken, want)]);
    }
    let broken: &[(&str, &str, &str)] = &[
        (
            "\"start\":1000",
            "\"start\":\"x\"",
            "/jobs/0/time/start: wrong_shape field=time.start want=integer",
        ),
        ("\"end\":1010", "\"end\":0", "/jobs/0/time/end: missing_field field=end"),
        (
            "\"end\":1010",
            "\"end\":9",
            "/jobs/0: ends_before_start from=1970-01-01T00:16:40Z to=1970-01-01T00:00:09Z",
        ),
        (
            "\"end\":1010",
            "\"end\":9223372036854775807",
            "/jobs/0/time/end: not_a_time field=time.end text=9223372036854775807",
        ),
        ("COMPLETED", "DONE", "/jobs/0/state/current: unknown_state field=state text=DONE"),
        ("\"n1\"", "\"n[1\"", "/jobs/0/nodes: not_a_name field=nodes text=n[1"),
        ("\"n1\"", "\"n[1-999999999]\"", "/jobs/0: too_many_devices limit=65536"),
        ("\"job_id\":1,", "", "/jobs/0/job_id: missing_field field=job_id"),
        ("\"cluster\":\"c\",", "", "/jobs/0/cluster: missing_field field=cluster"),
        (
            "[]",
            r#"[{"type":"gres","name":"gpu","count":1.5}]"#,
            "/jobs/0/tres/allocated/0/count: not_an_integer field=tres.allocated.0.count text=1.5",
        ),
        (
            "[]",
            r#"[{"type":"gres","name":"gpu","count":99999999}]"#,
            "/jobs/0: too_many_devices limit=65536",
        ),
    ];
    for (from, to, want) in broken {
        assert!(whole.contains(from), "{from}");
        check(read_sacct, &[(&whole.replacen(from, to, 1), 0, &[want])]);
    }
}

#[test]
fn bad_rows_of_sacct_and_of_events_are_named() {
    let header = "JobID|State|Start|End|ElapsedRaw|AllocTRES|NodeList\n";
    let good = "1|COMPLETED|2026-03-01T08:00:00|2026-03-01T08:00:10|10|gres/gpu=1|n1\n";
    let rows: &[(&str, &str, usize, &str)] = &[
        ("COMPLETED", "SLEPT", 0, "line 2: unknown_state field=state text=SLEPT"),
        (
            "08:00:10",
            "07:00:00",
            0,
            "line 2: ends_before_start from=2026-03-01T00:00:00Z to=2026-02-28T23:00:00Z",
        ),
        ("|10|", "|9|", 1, "line 2: elapsed_differs elapsed=9 job=1 window=10"),
        ("|10|", "|x|", 0, "line 2: not_an_integer field=ElapsedRaw text=x"),
        ("gpu=1", "gpu=-1", 0, "line 2: negative_quantity field=AllocTRES text=-1"),
        ("2026-03-01T08:00:00|", "Sunday|", 0, "line 2: not_a_time field=Start text=Sunday"),
        ("2026-03-01T08:00:10", "Unknown", 0, "line 2: missing_field field=end"),
        ("|n1", "", 0, "line 2: column_count have=6 want=7"),
        ("n1", "n1,n2", 1, "line 2: uneven_gpus gpus=1 job=1 nodes=2"),
        ("COMPLETED", "REQUEUED", 1, "line 2: read_as state=preempted text=REQUEUED"),
        ("COMPLETED", "PENDING", 0, "line 2: never_started job=1"),
    ];
    for (from, to, taken, want) in rows {
        let table = format!("{header}{}", good.replacen(from, to, 1));
        check(jobs_from_text, &[(&table, *taken, &[want])]);
    }
    check(
        jobs_from_text,
        &[(&format!("{header}{}", good.replace("1|C", "1.batch|C")), 0, &["file: empty"])],
    );
    check(
        events,
        &[
            (
                "2026-03-01T08:00:00|Unknown|||Cluster Registered TRES",
                0,
                &["line 1: cluster_event text=Cluster Registered TRES"],
            ),
            ("2026-03-01T08:00:00|Unknown|n1|DOWN*|a|b", 1, &[]),
            (
                "TimeStart|TimeEnd|NodeName|State|Reason\n2026-03-01T08:00:00|2026-03-01T09:00:00|n1|IDLE+DRAIN|x",
                1,
                &[],
            ),
            (
                "2026-03-01T08:00:00|2026-03-01T07:00:00|n1|DOWN|x",
                0,
                &["line 1: ends_before_start from=2026-03-01T00:00:00Z to=2026-02-28T23:00:00Z"],
            ),
            (
                "2026-03-01T08:00:00|Unknown|n1|WELL|x",
                0,
                &["line 1: unknown_state field=State text=WELL"],
            ),
            ("2026-03-01T08:00:00|Unknown|n1|DOWN", 0, &["line 1: column_count have=4 want=5"]),
            ("|Unknown|n1|DOWN|x", 0, &["line 1: not_a_time field=Start text="]),
        ],
    );
}

#[test]
fn probes_become_intervals_and_their_gaps_are_unknown() {
    let table = "time,ok,latency_ms\n\
        2026-03-01T00:00:00Z,true,10\n\
        2026-03-01T00:01:03Z,true,900\n\
        2026-03-01T00:02:00Z,false,\n\
        2026-03-01T00:02:00Z,false,\n\
        2026-03-01T00:10:00Z,1,5\n";
    let imported = probe::read(table.as_bytes(), &prober(Some(500)), &Limits::default());
    assert_eq!(
        findings(&imported),
        [r#"line 5: duplicate_id first={"line":4} id=2026-03-01T00:02:00Z source=prober"#]
    );
    let shown: Vec<String> = imported
        .records
        .iter()
        .map(|record| match &record.fact {
            desk::import::Fact::Probe(probe) => {
                format!("{} {} {:?}", probe.from, probe.to, probe.state)
            }
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2026-03-01T00:00:00Z 2026-03-01T00:01:03Z Up",
            "2026-03-01T00:01:03Z 2026-03-01T00:02:00Z Degraded",
            "2026-03-01T00:02:00Z 2026-03-01T00:03:00Z Down",
            "2026-03-01T00:03:00Z 2026-03-01T00:10:00Z Unknown",
            "2026-03-01T00:10:00Z 2026-03-01T00:11:00Z Up",
        ]
    );
    // A longer export of the same probes says the same of each.
    let longer = format!("{table}2026-03-01T00:11:00Z,0,\n");
    let longer = probe::read(longer.as_bytes(), &prober(Some(500)), &Limits::default());
    let contents = |imported: &Imported| -> Vec<[u8; 32]> {
        imported.records.iter().map(|record| record.content).collect()
    };
    assert_eq!(contents(&longer)[..5], contents(&imported));
    check(
        read_probes,
        &[
            ("from,to,state\n2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,down\n", 1, &[]),
            (
                "from,to,state\n2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,up\n",
                0,
                &["line 2: ends_before_start from=2026-03-01T00:00:00Z to=2026-03-01T00:00:00Z"],
            ),
            (
                "from,to,state\n2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,fine\n",
                0,
                &["line 2: unknown_state field=state text=fine"],
            ),
            (
                "time,ok,latency_ms\n2026-03-01T00:00:00Z,yes,\n",
                0,
                &["line 2: not_a_boolean field=ok text=yes"],
            ),
            ("time,ok\n2026-03-01T00:00:00Z,true\n", 1, &[]),
            ("time\n2026-03-01T00:00:00Z\n", 0, &["line 1: missing_column field=ok"]),
        ],
    );
}

#[test]
fn limits_hold() {
    let header = "source,id,time,meter,quantity,subject\n";
    let row = |id: u32| format!("api,{id:02},2026-03-01T00:00:00Z,images,1,c\n");
    let table: String = std::iter::once(header.to_owned()).chain((0..5).map(row)).collect();
    let read = |limits: Limits| usage_csv::read(table.as_bytes(), &limits);
    let limits = Limits { bytes: 10, ..Limits::default() };
    let have = table.len();
    assert_eq!(findings(&read(limits)), [format!("file: too_many_bytes have={have} limit=10")]);
    let few = read(Limits { records: 3, ..Limits::default() });
    assert_eq!(findings(&few), ["line 5: too_many_records limit=3"]);
    assert_eq!(few.records.len(), 3);
    let short = read(Limits { line_bytes: 37, findings: 2, ..Limits::default() });
    assert_eq!(
        findings(&short),
        [
            "line 2: line_too_long have=38 limit=37",
            "line 3: line_too_long have=38 limit=37",
            "file: too_many_findings left_out=3",
        ]
    );
    let text = read(Limits { text_bytes: 2, records: 1, ..Limits::default() });
    assert_eq!(findings(&text)[0], "line 2: text_too_long field=source have=3 limit=2");
}

#[test]
fn formats_are_told_apart_by_their_beginning() {
    use desk::import::Format::*;
    for (start, want) in [
        ("{\"meta\":{},\"jobs\":[]}", Some(SacctJson)),
        ("\n [{\"specversion\":\"1.0\"}]", Some(CloudEvents)),
        ("{\"id\":\"meta\",\"specversion\":\"1.0\"}\n", Some(CloudEvents)),
        ("JobID|State\n", Some(SacctText)),
        ("2026-03-01T08:00:00|Unknown|n|DOWN|x", Some(SlurmEvents)),
        ("\u{feff}id,source,time,meter,quantity,subject", Some(UsageCsv)),
        ("time,ok,latency_ms", Some(ProbeCsv)),
        ("from,to,state\r\n", Some(ProbeCsv)),
        ("{\"images\":[]}", None),
        ("<annotation>", None),
        ("", None),
    ] {
        assert_eq!(detect(start.as_bytes()), want, "{start}");
    }
}
