//! Why the classification service does not do something: the stable code, the status, the words. In
//! a sentence `{name}` stands for the field of that name.

use units::Lang;

/// Title and sentence in a language.
type Said = (&'static str, &'static str);

macro_rules! reasons {
    ($($name:ident $code:literal $status:literal
        $zh:literal, $en:literal => $zh_said:literal, $en_said:literal;)*) => {
        /// Why something is not done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Reason {
            $($name,)*
        }

        impl Reason {
            /// All of them, for the description.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            pub(crate) const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The status of the answer.
            pub(crate) const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// Title and sentence.
            pub(crate) const fn said(self, lang: Lang) -> Said {
                match (self, lang) {
                    $(
                        (Self::$name, Lang::Zh) => ($zh, $zh_said),
                        (Self::$name, Lang::En) => ($en, $en_said),
                    )*
                }
            }
        }
    };
}

reasons! {
    BadRequest "bad_request" 400
        "请求有误", "Bad request" =>
        "地址、查询参数、请求头或内容无法识别。",
        "The path, the query, a header or the body cannot be read.";
    BadRequestId "bad_request_id" 400
        "请求编号有误", "Bad request id" =>
        "X-Request-Id 应为 1 至 64 个字母、数字、点、下划线或连字符。",
        "X-Request-Id is 1 to 64 letters, digits, dots, underscores or hyphens.";
    Empty "empty_body" 400
        "没有图片", "No image" =>
        "请求内容是空的；请把图片文件作为请求内容发送。",
        "The body is empty: send the file of an image as the body.";
    BadTensor "bad_tensor" 400
        "张量有误", "Bad tensor" =>
        "输入张量的名称、类型、形状或数据不符：{said}。",
        "The name, type, shape or data of the input does not fit: {said}.";
    KeyNeeded "key_needed" 401
        "需要密钥", "A key is needed" =>
        "请在请求头 Authorization 中以 Bearer 提供有效的密钥。",
        "Give a valid key in the header Authorization, as Bearer.";
    NotAllowed "not_allowed" 403
        "没有权限", "Not allowed" =>
        "这个密钥不能管理版本；没有密钥文件时谁也不能。",
        "This key does not manage versions; without a key file nobody does.";
    OutsideRoot "outside_root" 403
        "位置不允许", "Not in the allowed place" =>
        "只能使用启动时指定的文件夹之内的路径。",
        "Only paths below the folder named at the start may be used.";
    NotFound "not_found" 404
        "没有找到", "Not found" =>
        "没有这个地址；见 /openapi.json。",
        "There is no such address: see /openapi.json.";
    NoSuchModel "no_such_model" 404
        "没有这个模型", "No such model" =>
        "没有名为 {model} 的模型。",
        "There is no model {model}.";
    NoSuchVersion "no_such_version" 404
        "没有这个版本", "No such version" =>
        "模型 {model} 没有版本 {version}。",
        "{model} has no version {version}.";
    MethodNotAllowed "method_not_allowed" 405
        "方法不适用", "Method not allowed" =>
        "这个地址不支持该方法。",
        "This address does not know the method.";
    BodyTimeout "body_timeout" 408
        "传输过慢", "Too slow" =>
        "请求内容没有在规定时间内传完。",
        "The body did not come in time.";
    VersionExists "version_exists" 409
        "版本已存在", "It is there already" =>
        "模型 {model} 已加载版本 {version}；请换一个版本名。",
        "{model} has version {version} already: take another name.";
    VersionInUse "version_in_use" 409
        "版本正在使用", "It is in use" =>
        "版本 {version} 正在使用，不能卸载。",
        "Version {version} is in use and stays.";
    NoWayBack "no_way_back" 409
        "无法回退", "No way back" =>
        "模型 {model} 之前没有其他版本。",
        "{model} had no other version before.";
    TooManyVersions "too_many_versions" 409
        "版本过多", "Too many versions" =>
        "模型 {model} 已加载的版本过多；请先卸载一个。",
        "{model} has too many versions loaded: unload one first.";
    TooLarge "too_large" 413
        "图片过大", "Too large" =>
        "图片文件超过 {limit} 字节的上限。",
        "The file of the image is larger than {limit} bytes.";
    TooManyPixels "too_many_pixels" 413
        "像素过多", "Too many pixels" =>
        "图片为 {width} × {height} 像素，超过上限 {limit}。",
        "The image has {width} x {height} pixels, beyond the limit {limit}.";
    TooMuchMemory "too_much_memory" 413
        "图片过大", "Too large" =>
        "解码这张图片需要的内存超过上限。",
        "Decoding this image would take more memory than is given.";
    TooManyImages "too_many_images" 413
        "图片过多", "Too many images" =>
        "一次请求最多 {limit} 张图片。",
        "A request has at most {limit} images.";
    NotAnImage "not_an_image" 415
        "不是可识别的图片", "No image that is taken" =>
        "内容不是 JPEG、PNG、WebP 或 GIF。",
        "The content is no JPEG, PNG, WebP or GIF.";
    WrongType "wrong_content_type" 415
        "类型不符", "Wrong type" =>
        "Content-Type 写的是 {stated}，而内容是 {found}。",
        "Content-Type says {stated}, and the content is {found}.";
    Unsupported "unsupported_image" 415
        "无法解码", "Not supported" =>
        "图片使用了不支持的特性。",
        "The image uses a part of its format that is not read.";
    Truncated "truncated_image" 422
        "图片不完整", "Cut short" =>
        "图片文件在结束之前中断。",
        "The file ends before its image does.";
    Corrupt "corrupt_image" 422
        "图片已损坏", "Broken" =>
        "图片内容违反其格式。",
        "The content breaks the rules of its format.";
    Reused "request_id_reused" 422
        "请求编号重复", "The request id was used" =>
        "请求 {request} 的第 {position} 张曾是另一张图片；请换一个编号。",
        "Image {position} of request {request} was another one before: take another id.";
    BadShare "bad_share" 422
        "比例有误", "Bad share" =>
        "比例应为 0 至 100 的整数。",
        "A share is a whole number from 0 to 100.";
    PackageRefused "package_refused" 422
        "交付包不可用", "The package cannot serve" =>
        "没有加载：{said}。原来的版本继续服务。",
        "It was not loaded: {said}. What served before goes on.";
    Fault "fault" 500
        "故障", "Fault" =>
        "出现内部故障；请把 request_id 告诉运维人员。",
        "Something broke inside: give the request_id to whoever runs the service.";
    NotRecorded "not_recorded" 503
        "无法记账", "It cannot be recorded" =>
        "用量无法写入磁盘，因此没有给出结果，也不计费。",
        "The usage cannot be written: nothing is answered or billed.";
    NotKept "not_kept" 503
        "变更没有存下", "Not kept" =>
        "变更已经生效，但无法写入磁盘；重启后会丢失。腾出空间后请再做一次。",
        "The change holds, but cannot be written: a restart forgets it. Make room and do it again.";
    QueueFull "queue_full" 503
        "繁忙", "Busy" =>
        "排队已满；请在 Retry-After 秒后重试。",
        "The queue is full: come again after the seconds of Retry-After.";
    Stopping "stopping" 503
        "正在停止", "Stopping" =>
        "服务正在停止；请换一个实例重试。",
        "The service stops: try another one.";
    Deadline "deadline_passed" 504
        "已过期限", "Too late" =>
        "在规定时间内没有轮到这张图片。",
        "The image's turn did not come in time.";
}
