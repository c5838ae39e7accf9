import agreement from "../agreement.en.json";
import contract from "../contract.en.json";
import labelling from "../labelling.en.json";
import own from "../en.json";

export default { ...own, ...agreement, ...contract, ...labelling };
