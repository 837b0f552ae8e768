// Refused: why a query is not answered, in a sentence that says what helps.

import { say } from "../editor/words.js";

export class Refused extends Error {
  constructor(message) {
    super(message);
    this.title = say("refused");
    this.line = /^Line (\d+)\b/.exec(message)?.[1];
  }
}
