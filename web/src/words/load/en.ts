import agreement from "../agreement.en.json";
import own from "../en.json";

export default { ...own, ...agreement };
