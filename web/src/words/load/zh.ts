import agreement from "../agreement.zh.json";
import contract from "../contract.zh.json";
import labelling from "../labelling.zh.json";
import training from "../training.zh.json";
import own from "../zh.json";

export default { ...own, ...agreement, ...contract, ...labelling, ...training };
