//! What the documentation says, in the order in which it is read; measures stand in a file of their
//! own.

use units::Lang;

use super::{Fit, LayerFact, ModelFacts, ViewFact};
use crate::paper::{Part, Writer};
use crate::words::Words;

/// How many layers are listed.
const MOST_LAYERS: usize = 600;

pub(super) struct Author<'a> {
    pub(super) own: Writer,
    pub(super) words: Words,
    pub(super) facts: &'a ModelFacts,
}

/// The parts, in their order.
pub(super) fn parts(facts: &ModelFacts, lang: Lang) -> Vec<Part> {
    let mut author = Author { own: Writer::new(lang), words: Words::new(lang), facts };
    author.head();
    author.measures();
    author.structure();
    author.algorithm();
    author.data();
    author.whole();
    author.limits();
    author.again();
    author.layers();
    author.files();
    author.own.parts
}

impl Author<'_> {
    pub(super) const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.own.say(zh, en)
    }

    pub(super) fn text(&mut self, zh: String, en: String) {
        let text = match self.own.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        self.own.parts.push(Part::Text { text });
    }

    fn fact(
        &self,
        zh: &'static str,
        en: &'static str,
        value: impl Into<String>,
    ) -> (String, String) {
        (self.say(zh, en).to_owned(), value.into())
    }

    fn head(&mut self) {
        let facts = self.facts;
        let between = self.say("、", ", ");
        let rows = vec![
            self.fact("日期", "Date", self.words.date(facts.day)),
            self.fact("用途", "Purpose", self.say("整张图片的分类", "classes of whole images")),
            self.fact("类别", "Classes", facts.classes.join(between)),
            self.fact("骨干网络", "Backbone", facts.backbone.name.clone()),
            self.fact("参数", "Parameters", self.words.count(facts.parameters)),
            self.fact(
                "每个视图的乘加",
                "Multiply-adds for a view",
                self.words.count(facts.operations),
            ),
        ];
        self.own.facts(rows);
    }

    fn structure(&mut self) {
        self.own.heading("模型结构", "Structure");
        let (classes, count) = (self.facts.classes.len(), self.facts.views.len());
        let views = if count == 1 { "one view".to_owned() } else { format!("{count} views") };
        let base = &self.facts.backbone.name;
        let hidden = self.facts.training.hidden;
        let (zh, en) = match hidden {
            0 => ("一个全连接层".to_owned(), "one dense layer".to_owned()),
            width => (
                format!("宽 {width} 的隐藏层（ReLU）与一个全连接层"),
                format!("a hidden layer of {width} (ReLU) and a dense layer"),
            ),
        };
        self.text(
            format!(
                "图片以 {count} 个视图进入卷积骨干网络 {base}；全局平均池化给出特征向量，\
                 其上的分类头（{zh}）与 Softmax 给出 {classes} 个类别的概率。\
                 各视图的概率取平均，即为图片的概率。骨干网络与分类头在同一个 ONNX 文件中。"
            ),
            format!(
                "An image goes through the convolutional backbone {base} in {views}. A \
                 global average pool gives its embedding; a head on it ({en}) and a softmax give \
                 the probabilities of {classes} classes. The mean over the views is the answer. \
                 Backbone and head are one ONNX file."
            ),
        );
        let rows = self.facts.views.iter().map(|view| self.view(view)).collect();
        self.own.table(
            &[
                ("视图", "View", false),
                ("边长", "Side", true),
                ("缩放", "Resizing", false),
                ("数值", "Numbers", true),
            ],
            rows,
        );
        let digest = &self.facts.preprocessing;
        self.own.note(match self.own.lang {
            Lang::Zh => format!("预处理的 SHA-256：{digest}"),
            Lang::En => format!("SHA-256 of the preprocessing: {digest}"),
        });
    }

    fn view(&self, view: &ViewFact) -> Vec<String> {
        let fit = match view.fit {
            Fit::Stretch => self.say("整图拉伸", "the whole, stretched"),
            Fit::Middle => self.say("居中裁切", "the square in the middle"),
            Fit::Pad => self.say("整图加边", "the whole with bars"),
        };
        let mirrored = if view.mirrored { self.say("，左右镜像", ", mirrored") } else { "" };
        let filter = if view.cubic {
            self.say("双三次", "cubic")
        } else {
            self.say("双线性", "linear")
        };
        vec![
            format!("{fit}{mirrored}"),
            view.side.to_string(),
            filter.to_owned(),
            format!("(x − {}) / {}", view.mean, view.scale),
        ]
    }

    fn algorithm(&mut self) {
        self.own.heading("算法与参数设置", "Algorithm and settings");
        self.text(
            "骨干网络沿用预训练权重，不再更新；分类头在标准化后的特征上以 AdamW 学习，学习率按余弦下降，\
             以带标签平滑的交叉熵为损失。权重衰减由训练部分的交叉验证选定。标准化折入分类头的第一层。"
                .to_owned(),
            "The backbone keeps its pretrained weights. The head learns on standardised embeddings \
             with AdamW, a learning rate that falls by a cosine, and cross-entropy with label \
             smoothing. The weight decay is chosen by cross-validation over the training part. \
             What standardises is folded into the head's first layer."
                .to_owned(),
        );
        let training = &self.facts.training;
        let rows = vec![
            self.fact("隐藏层宽度", "Hidden layer", self.words.count(training.hidden)),
            self.fact("轮数", "Epochs", self.words.count(training.epochs)),
            self.fact("批大小", "Batch", self.words.count(training.batch)),
            self.fact("初始学习率", "First learning rate", training.rate.clone()),
            self.fact("权重衰减", "Weight decay", training.decay.clone()),
            self.fact("标签平滑", "Label smoothing", training.smoothing.clone()),
            self.fact("Dropout", "Dropout", training.dropout.clone()),
            self.fact(
                "类别加权",
                "Weights by class",
                if training.balance { self.say("是", "yes") } else { self.say("否", "no") },
            ),
            self.fact("随机种子", "Seed", training.seed.to_string()),
        ];
        self.own.facts(rows);
    }

    fn data(&mut self) {
        self.own.heading("数据与来源", "Data and sources");
        let unknown = self.say("未说明", "not stated");
        let licence = |text: &str| if text.is_empty() { unknown } else { text }.to_owned();
        let (backbone, dataset) = (&self.facts.backbone, &self.facts.dataset);
        let rows = vec![
            self.fact("数据集", "Dataset", dataset.name.clone()),
            self.fact("学习的图片", "Images learned from", self.words.count(self.facts.images)),
            self.fact("数据集许可", "Licence of the dataset", licence(&dataset.licence)),
            self.fact("图片来源", "Origin of the images", licence(&self.facts.origin)),
            self.fact("同意", "Consents", licence(&self.facts.consents.join("; "))),
            self.fact("数据集 SHA-256", "SHA-256 of the dataset", dataset.digest.clone()),
            self.fact("骨干网络", "Backbone", backbone.name.clone()),
            self.fact("骨干网络许可", "Licence of the backbone", licence(&backbone.licence)),
            self.fact("骨干网络 SHA-256", "SHA-256 of the backbone", backbone.digest.clone()),
        ];
        self.own.facts(rows);
    }

    fn whole(&mut self) {
        let Some(whole) = &self.facts.whole else { return };
        self.own.heading("八位整数", "Whole numbers of eight bits");
        let count = |value| self.words.count(value);
        let of = |value: u64| format!("{} / {}", count(value), count(whole.judged));
        let rows = vec![
            self.fact("校准图片", "Images calibrated by", count(whole.calibrated)),
            self.fact("此前正确", "Right before", of(whole.hits_before)),
            self.fact("此后正确", "Right after", of(whole.hits_after)),
            self.fact("两者类别相同", "The same class from both", of(whole.equal)),
            self.fact("此前大小", "Size before", self.words.bytes(whole.bytes_before)),
            self.fact("此后大小", "Size after", self.words.bytes(whole.bytes_after)),
        ];
        self.own.facts(rows);
    }

    fn limits(&mut self) {
        self.own.heading("局限", "Limits");
        let images = self.words.count(self.facts.measures.images);
        self.text(
            format!(
                "模型只认识所列类别，对任何图片都给出其中之一，包括画面是其他内容的图片。\
                 指标出自 {images} 张图片；与之不同的来源、光线或拍摄方式，准确率可能不同，应另行测量。\
                 概率不是保证：见校准误差。未对敏感个人信息作任何推断，也不应用于此。"
            ),
            format!(
                "It knows the classes that are listed and gives one of them to every image, also to \
                 one that shows something else. The measures come from {images} images; images of \
                 another source, light or camera may be classified less well and should be measured \
                 by themselves. A probability is no promise: see the calibration error. Nothing \
                 about persons is inferred, and it should not be used for that."
            ),
        );
    }

    fn again(&mut self) {
        self.own.heading("复现", "How to make it again");
        let command = self.facts.command.clone();
        self.own.parts.push(Part::Text { text: command });
        let text = self.say(
            "同样的图片、设置与种子，在同样的处理器上给出逐位相同的权重；数据集的 SHA-256 表明是否为同样的图片",
            "The same images, settings and seed give the same weights to the bit on the same \
             processor; the dataset's SHA-256 says whether the images are the same",
        );
        self.own.note(text.to_owned());
    }

    fn layers(&mut self) {
        self.own.heading("附：逐层结构", "Annex: layer by layer");
        let layers = joined(&self.facts.layers);
        let row = |layer: &LayerFact| {
            let shape: Vec<String> = layer.shape.iter().map(ToString::to_string).collect();
            vec![
                layer.name.clone(),
                layer.operator.clone(),
                shape.join(" × "),
                self.words.count(layer.parameters),
                self.words.count(layer.operations),
            ]
        };
        let rows = layers.iter().take(MOST_LAYERS).map(row).collect();
        self.own.table(
            &[
                ("层", "Layer", false),
                ("算子", "Operator", false),
                ("输出", "Output", true),
                ("参数", "Parameters", true),
                ("乘加", "Multiply-adds", true),
            ],
            rows,
        );
    }

    fn files(&mut self) {
        self.own.heading("附：文件与校验和", "Annex: files and checksums");
        let files =
            self.facts.files.iter().map(|file| {
                vec![file.name.clone(), self.words.bytes(file.bytes), file.sha256.clone()]
            });
        let files = files.collect();
        self.own.table(
            &[("文件", "File", false), ("大小", "Size", true), ("SHA-256", "SHA-256", false)],
            files,
        );
    }
}

/// A bound or a ReLU stands in the row of the layer before it.
fn joined(layers: &[LayerFact]) -> Vec<LayerFact> {
    let mut rows: Vec<LayerFact> = Vec::with_capacity(layers.len());
    for layer in layers {
        match rows.last_mut() {
            Some(before)
                if matches!(layer.operator.as_str(), "Clip" | "Relu")
                    && before.shape == layer.shape =>
            {
                before.operator = format!("{} + {}", before.operator, layer.operator);
            }
            _ => rows.push(layer.clone()),
        }
    }
    rows
}
