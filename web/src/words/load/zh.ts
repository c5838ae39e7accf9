import agreement from "../agreement.zh.json";
import own from "../zh.json";

export default { ...own, ...agreement };
