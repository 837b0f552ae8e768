// Matching: how well a name fits what is searched for, whatever its case, accents and script.

const LETTERS = { ø: "o", đ: "d", ł: "l", ı: "i", ð: "d", þ: "th", æ: "ae", œ: "oe" };
const WITHOUT_SPACES = 0x2e80;

/** Return how well a name fits, 0 for best; null where it has not all the words. */
export function fitOf(query, tokens, name) {
  if (name.startsWith(query)) return query === name ? 0 : name[query.length] === " " ? 1 : 2;
  const words = name.split(" ");
  if (tokens.every((token) => words.includes(token))) return 3;
  if (tokens.every((token) => words.some((word) => word.startsWith(token)))) return 4;
  const isPart = (token) => token.length >= 3 || token.codePointAt(0) >= WITHOUT_SPACES;
  return tokens.every((token) => isPart(token) && name.includes(token)) ? 5 : null;
}

/** Return the words of a text without case, accents and punctuation. */
export function fold(text) {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’ʼʻ`]/g, "")
    .replace(/\b(\w)\./g, "$1");
  const bare = Array.from(plain, (letter) =>
    letter.codePointAt(0) >= WITHOUT_SPACES
      ? letter
      : (LETTERS[letter] ?? letter.normalize("NFD").replace(/\p{Mn}/gu, "")),
  ).join("");
  return bare.match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? "";
}
