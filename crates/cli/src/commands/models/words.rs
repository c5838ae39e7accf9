//! What a failure about classifiers says, its code, and what to do next.

use std::path::PathBuf;

use classification::LoadError;
use onnx::QuantizeError;
use training::{DatasetError, EmbedError, FitError, PackageError, TableError};
use units::Lang;
use vision::EngineError;

use super::ShelfError;

/// Why a command about classifiers did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelFailure {
    /// The folder is no dataset.
    #[error(transparent)]
    Dataset(DatasetError),
    /// The network does not run.
    #[error(transparent)]
    Engine(EngineError),
    /// An image or the network stopped it.
    #[error(transparent)]
    Embed(EmbedError),
    /// The head was not trained.
    #[error(transparent)]
    Fit(FitError),
    /// The head does not fit the backbone.
    #[error(transparent)]
    Head(onnx::HeadError),
    /// The package was not written or is none.
    #[error(transparent)]
    Package(PackageError),
    /// A backbone or a library is not at hand.
    #[error(transparent)]
    Shelf(ShelfError),
    /// Images of the sealed test set among those to learn from.
    #[error("{} holds {images} images of the sealed test set", folder.display())]
    Leak {
        /// The folder.
        folder: PathBuf,
        /// How many.
        images: usize,
    },
    /// Images of the test set that have no answer.
    #[error("{images} images of {} cannot be judged", folder.display())]
    Unjudged {
        /// The folder.
        folder: PathBuf,
        /// How many.
        images: usize,
    },
    /// A process of our own did not run to its end.
    #[error("a process of this program cannot be run")]
    Child {
        /// Why.
        source: std::io::Error,
    },
    /// The network cannot be written in whole numbers.
    #[error(transparent)]
    Quantize(QuantizeError),
    /// A table about images that is none.
    #[error("{}: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: TableError,
    },
    /// The package cannot serve.
    #[error(transparent)]
    Load(LoadError),
    /// A class that the package does not know.
    #[error("{} has class {class}, and the package knows {known:?}", folder.display())]
    UnknownClass {
        /// The folder.
        folder: PathBuf,
        /// The class.
        class: String,
        /// Those that are known.
        known: Vec<String>,
    },
}

/// A code that machines read.
pub(crate) const fn code(failure: &ModelFailure) -> &'static str {
    match failure {
        ModelFailure::Dataset(DatasetError::Unreadable { .. }) => "unreadable",
        ModelFailure::Dataset(_) => "no_dataset",
        ModelFailure::Engine(EngineError::Library { .. }) => "no_runtime",
        ModelFailure::Engine(_) => "no_network",
        ModelFailure::Embed(_) => "not_classified",
        ModelFailure::Fit(_) => "not_trained",
        ModelFailure::Head(_) => "head_does_not_fit",
        ModelFailure::Package(PackageError::Occupied { .. }) => "not_empty",
        ModelFailure::Package(PackageError::Changed { .. }) => "package_changed",
        ModelFailure::Package(_) => "no_package",
        ModelFailure::Shelf(ShelfError::Absent { .. }) => "not_at_hand",
        ModelFailure::Shelf(_) => "not_fetched",
        ModelFailure::Leak { .. } => "test_set_leaks",
        ModelFailure::Unjudged { .. } => "not_judged",
        ModelFailure::Child { .. } => "not_run",
        ModelFailure::Quantize(_) => "not_quantised",
        ModelFailure::Table { .. } => "no_table",
        ModelFailure::Load(error) => error.code(),
        ModelFailure::UnknownClass { .. } => "unknown_class",
    }
}

/// The code of an image that has no answer.
pub(super) fn embed_code(error: &EmbedError) -> &'static str {
    match error {
        EmbedError::Image(fault) => fault.problem.code(),
        EmbedError::Recipe(_) => "not_prepared",
        EmbedError::Engine(_) | EmbedError::NoEmbedding | EmbedError::NoProbabilities => {
            "no_network"
        }
    }
}

/// The sentence, in Chinese and in English; details that only English has follow a colon.
pub(crate) fn fault(failure: &ModelFailure) -> (String, String) {
    let zh = match failure {
        ModelFailure::Dataset(error) => dataset(error),
        ModelFailure::Engine(error) => engine(error),
        ModelFailure::Embed(EmbedError::Engine(error)) => engine(error),
        ModelFailure::Embed(EmbedError::Image(fault)) => {
            format!("图片无法读取（{}）", fault.problem.code())
        }
        ModelFailure::Embed(error) => format!("网络没有给出结果：{error}"),
        ModelFailure::Fit(error) => fit(error),
        ModelFailure::Head(error) => format!("分类头与骨干网络不符：{error}"),
        ModelFailure::Package(error) => package(error),
        ModelFailure::Shelf(error) => shelf(error),
        ModelFailure::Leak { folder, images } => {
            format!("{} 中有 {images} 张图片属于已封存的测试集", folder.display())
        }
        ModelFailure::Unjudged { folder, images } => {
            format!("{} 中有 {images} 张图片无法评测", folder.display())
        }
        ModelFailure::Child { .. } => "无法运行本程序的子进程".to_owned(),
        ModelFailure::Quantize(error) => quantize(error),
        ModelFailure::Table { path, source } => format!("{}：{}", path.display(), table(source)),
        ModelFailure::Load(LoadError::Package(error)) => package(error),
        ModelFailure::Load(LoadError::Engine(error)) => engine(error),
        ModelFailure::Load(LoadError::Unlike { report }) => format!(
            "交付包不能用于服务：本机给出的结果与包内的已知结果不同，预处理有 {} 个数不同，\
             概率最大相差 {:.1e}（允许 {:.0e}）",
            report.unlike, report.largest_difference, report.tolerance
        ),
        ModelFailure::Load(error) => format!("交付包不能用于服务：{error}"),
        ModelFailure::UnknownClass { folder, class, known } => {
            format!("{} 有类别 {class}，而交付包只认识 {}", folder.display(), known.join("、"))
        }
    };
    (zh, failure.to_string())
}

fn dataset(error: &DatasetError) -> String {
    match error {
        DatasetError::Unreadable { path, .. } => format!("无法读取 {}", path.display()),
        DatasetError::NoClasses { path } => {
            let path = path.display();
            format!("{path} 中没有类别文件夹；应为 {path}/train/类别/图片 或 {path}/类别/图片")
        }
        DatasetError::OneClass { path, class } => {
            format!("{} 只有一个类别 {class}，至少需要两个", path.display())
        }
        DatasetError::TooMany { path, what, limit } => {
            let what = if *what == "images" { "图片" } else { "类别" };
            format!("{} 的{what}超过 {limit} 个", path.display())
        }
        DatasetError::Name { path } => format!("{} 的名称不是 UTF-8", path.display()),
    }
}

fn engine(error: &EngineError) -> String {
    match error {
        EngineError::Library { path, said } => format!("无法从 {path} 加载 ONNX Runtime：{said}"),
        EngineError::Graph(fault) => format!("网络文件无法使用：{fault}"),
        EngineError::Input { found } => {
            format!("网络的输入是 {found}，应为 (N, 3, 边长, 边长)")
        }
        EngineError::Refused { engine, said } => format!("{engine} 不接受该网络：{said}"),
        EngineError::Stopped { engine, said } => format!("{engine} 中止：{said}"),
        EngineError::Count { found, images, side } => {
            format!("给出 {found} 个数，而 {images} 张 {side} 像素的图片不是这么多")
        }
        EngineError::NotFinite { name, image } => format!("第 {image} 张图片的输出 {name} 不是数"),
    }
}

fn fit(error: &FitError) -> String {
    match error {
        FitError::Empty => "没有可供学习的图片".to_owned(),
        FitError::Count { rows, labels, views } => {
            format!("特征 {rows} 行与 {labels} 个类别标签（{views} 个视图）不符")
        }
        FitError::Class { image, class, classes } => {
            format!("第 {image} 张图片的类别 {class} 超出 {classes} 个类别")
        }
        FitError::Setting { setting, value } => format!("{setting} 不能是 {value}"),
        FitError::Diverged { epoch } => format!("第 {epoch} 轮的损失不是数；可减小学习率"),
    }
}

fn package(error: &PackageError) -> String {
    match error {
        PackageError::File { path, .. } => format!("无法读写 {}", path.display()),
        PackageError::Occupied { path } => format!("{} 已有内容", path.display()),
        PackageError::Manifest { path, line, said } => {
            format!("{} 第 {line} 行：{said}", path.display())
        }
        PackageError::Form { found } => format!("交付包的格式是 {found}，无法读取"),
        PackageError::TooLarge { path, bytes, limit } => {
            format!("{} 有 {bytes} 字节，最多读取 {limit} 字节", path.display())
        }
        PackageError::Changed { name, found, stated } => {
            format!("{name} 的 SHA-256 是 {found}，清单写的是 {stated}")
        }
        PackageError::Stray { name } => format!("清单列出 {name}，交付包没有这种文件"),
        PackageError::Missing { name } => format!("清单没有列出 {name}"),
        PackageError::Graph(fault) => format!("网络文件无法使用：{fault}"),
        PackageError::Classes { found, classes } => {
            format!("网络给出 {found}，而类别有 {classes} 个")
        }
        PackageError::Preprocessing { found, stated } => {
            format!("视图的摘要是 {found}，清单写的是 {stated}")
        }
        PackageError::Golden(error) => format!("已知答案无法使用：{error}"),
        PackageError::Head { said } => format!("分类头无法写入：{said}"),
    }
}

fn quantize(error: &QuantizeError) -> String {
    match error {
        QuantizeError::Nothing => "网络中没有可以量化的卷积".to_owned(),
        QuantizeError::Already => "网络已经量化".to_owned(),
        QuantizeError::Unseen { value } => format!("{value} 未在任何图片上出现"),
        QuantizeError::Graph(fault) => format!("量化后的网络无法使用：{fault}"),
    }
}

fn table(error: &TableError) -> String {
    match error {
        TableError::Row { line, said } => format!("第 {line} 行：{said}"),
        TableError::Columns { columns } => {
            format!("有 {columns} 列；需要图片一列，另加 1 至 64 列")
        }
        TableError::Twice { line, image } => format!("第 {line} 行：{image} 此前已有"),
        TableError::TooLong => "行数过多".to_owned(),
    }
}

/// What images are parted by and the part, in words where it is one of ours.
pub(super) fn slice(by: &str, value: &str, lang: Lang) -> (String, String) {
    let zh = |text: &str| {
        Some(match text {
            "size" => "短边",
            "brightness" => "亮度",
            "small" => "小于 256",
            "large" => "768 及以上",
            "dark" => "暗",
            "bright" => "亮",
            "medium" if by == "size" => "256 至 767",
            "medium" => "中",
            _ => return None,
        })
    };
    let en = |text: &str| {
        Some(match text {
            "size" => "shorter side",
            "small" => "below 256",
            "large" => "768 and more",
            "medium" if by == "size" => "256 to 767",
            _ => return None,
        })
    };
    let word = |text: &str| {
        let known = if matches!(by, "size" | "brightness") {
            match lang {
                Lang::Zh => zh(text),
                Lang::En => en(text),
            }
        } else {
            None
        };
        known.unwrap_or(text).to_owned()
    };
    (word(by), word(value))
}

fn shelf(error: &ShelfError) -> String {
    match error {
        ShelfError::NoFolder => "TALLY_CACHE、XDG_CACHE_HOME 与 HOME 均未设置".to_owned(),
        ShelfError::Absent { what } => format!("本机没有 {what}"),
        ShelfError::File { path, .. } => format!("无法读写 {}", path.display()),
        ShelfError::Fetch { package, said } => format!("未能获取 {package}：{said}"),
        ShelfError::Member { package, wanted } => format!("{package} 中没有 {wanted}"),
        ShelfError::Digest { name, found, known } => {
            format!("{name} 的 SHA-256 是 {found}，应为 {known}")
        }
        ShelfError::Weights(error) => format!("权重文件无法读取：{error}"),
        ShelfError::Convert(error) => format!("权重与网络不符：{error}"),
    }
}

/// What to do next.
pub(crate) fn next(failure: &ModelFailure) -> Option<(String, String)> {
    let (zh, en) = match failure {
        ModelFailure::Shelf(ShelfError::Absent { .. }) => (
            "去掉 --offline，或用 --library、--backbone 指明文件",
            "leave --offline out, or name the file by --library or --backbone",
        ),
        ModelFailure::Shelf(ShelfError::Fetch { .. }) => (
            "检查 python3、pip 与网络；也可用 --backbone 指明 ONNX 文件",
            "look at python3, pip and the network; or name an ONNX file by --backbone",
        ),
        ModelFailure::Leak { .. } => (
            "把这些图片从训练文件夹中移走，再训练",
            "take these images out of the folder and train again",
        ),
        ModelFailure::Package(PackageError::Occupied { .. }) => {
            ("用 --out 指明新的文件夹", "name a new folder by --out")
        }
        ModelFailure::Engine(EngineError::Library { .. })
        | ModelFailure::Load(LoadError::Engine(EngineError::Library { .. })) => {
            ("用 --engine rten，或改正 --library", "take --engine rten, or correct --library")
        }
        _ => return None,
    };
    Some((zh.to_owned(), en.to_owned()))
}
