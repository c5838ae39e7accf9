//! The title of the annex that names a manifest of raw data. Serves anno-3.4. Knows no manifest.

/// The title, Chinese and English, of a project's manifest of so many items and bytes.
#[must_use]
pub fn raw_data_title(number: u32, items: u64, bytes: u64) -> [String; 2] {
    [
        format!("原始数据清单第 {number} 号：{items} 条，共 {bytes} 字节"),
        format!("Raw data manifest no. {number}: {items} items, {bytes} bytes"),
    ]
}
