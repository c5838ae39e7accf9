import agreement from "../agreement.en.json";
import contract from "../contract.en.json";
import labelling from "../labelling.en.json";
import training from "../training.en.json";
import own from "../en.json";

export default { ...own, ...agreement, ...contract, ...labelling, ...training };
