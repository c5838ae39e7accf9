//! What is wrong with the files of a deployment.

use desk::files::FilesError;
use document::sentences;

sentences! { of_files(words, FilesError) {
    Exists { path } [path = path.display()] =>
        "{path} 中已有部署",
        "there is a deployment in {path} already";
    Missing { path } [path = path.display()] =>
        "{path} 中没有部署",
        "there is no deployment in {path}";
    Io { path, source } [path = path.display()] =>
        "{path} 无法读写：{source}",
        "{path} cannot be read or written: {source}";
    Malformed { path } [path = path.display()] =>
        "{path} 不是部署的文件或密钥",
        "{path} is not a file of a deployment, nor a key";
    Name { name } =>
        "“{name}”不能作密钥名：不能为空，不能有空格和 +",
        "{name:?} cannot be the name of a key: it is not empty and has no space and no +";
    Exposed { path } [path = path.display()] =>
        "其他用户可读私钥 {path}；请执行 chmod 600",
        "others may read the private key {path}; run chmod 600 on it";
} }
