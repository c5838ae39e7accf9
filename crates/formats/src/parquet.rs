//! The one table as Parquet: numbers as numbers, flags as flags, texts as UTF-8. Serves anno-3.5
//! (delivery). This crate alone reads and writes Parquet for the product.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use annotation::{Dataset, Findings, Place, Problem, Severity};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::schema::parser::parse_message_type;

use crate::build::Builder;
use crate::rows::{BARE, COLUMNS, Read, Row, rows, take};
use crate::source::Source;
use crate::target::OutFile;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Flag,
    Number,
}

fn kind(column: &str) -> Kind {
    match column {
        "x" | "y" | "width" | "height" | "score" | "area" => Kind::Number,
        "occluded" | "truncated" | "keyframe" | "outside" => Kind::Flag,
        column if BARE.contains(&column) => Kind::Whole,
        _ => Kind::Text,
    }
}

/// Reads every file.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.binary(name) else { continue };
        let mut found = Findings::new(&source.shown(name), build.limits);
        if let Err(reason) = guarded(bytes, build, &mut found) {
            found.push(Severity::Error, Problem::Unreadable { reason }, Place::default());
        }
        build.note(found, b"");
    }
}

/// The reader of the format trusts sizes within a file and breaks off where one is false: that ends
/// the file, with the rows before it, and nothing else.
fn guarded(bytes: Vec<u8>, build: &mut Builder<'_>, found: &mut Findings) -> Result<(), String> {
    match catch_unwind(AssertUnwindSafe(|| table(bytes, build, found))) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("a size within the file is false".to_owned()),
    }
}

fn table(
    bytes: Vec<u8>,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), ParquetError> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes))?;
    for (number, row) in (0_u64..).zip(reader.get_row_iter(None)?) {
        let row = row?;
        let values = row.get_column_iter().filter_map(|(name, field)| {
            let text = match field {
                Field::Null => return None,
                Field::Str(text) => text.clone(),
                Field::Bool(flag) => flag.to_string(),
                Field::Double(number) => number.to_string(),
                Field::Float(number) => number.to_string(),
                other => other.to_string(),
            };
            Some((name.clone(), text))
        });
        // A Parquet file has no lines; a row is found by its number.
        let values: Read = values.collect();
        if !take(&values, Some(number), build, found) {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes one file.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let bytes = file(&rows(dataset)).expect("a list of bytes takes what is written");
    vec![OutFile { name: "records.parquet".to_owned(), bytes }]
}

fn file(rows: &[Row]) -> Result<Vec<u8>, ParquetError> {
    let column = |column: &str| match kind(column) {
        Kind::Text => format!("OPTIONAL BYTE_ARRAY {column} (UTF8);"),
        Kind::Whole => format!("OPTIONAL INT64 {column};"),
        Kind::Flag => format!("OPTIONAL BOOLEAN {column};"),
        Kind::Number => format!("OPTIONAL DOUBLE {column};"),
    };
    let schema = format!("message records {{ {} }}", COLUMNS.map(column).join(" "));
    let schema = Arc::new(parse_message_type(&schema)?);
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in COLUMNS {
        let of = |row: &Row| {
            row.iter().find(|(name, _)| *name == column).map(|(_, value)| value.clone())
        };
        let values: Vec<Option<String>> = rows.iter().map(of).collect();
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let said = values.into_iter().flatten();
        let Some(mut out) = group.next_column()? else { break };
        let number = "rows write numbers as numbers";
        match kind(column) {
            Kind::Text => {
                let values: Vec<ByteArray> =
                    said.map(|text| ByteArray::from(text.into_bytes())).collect();
                out.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
            }
            Kind::Whole => {
                let values: Vec<i64> = said.map(|text| text.parse().expect(number)).collect();
                out.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
            }
            Kind::Flag => {
                let values: Vec<bool> = said.map(|text| text == "true").collect();
                out.typed::<BoolType>().write_batch(&values, Some(&levels), None)?;
            }
            Kind::Number => {
                let values: Vec<f64> = said.map(|text| text.parse().expect(number)).collect();
                out.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
            }
        }
        out.close()?;
    }
    group.close()?;
    writer.into_inner()
}
