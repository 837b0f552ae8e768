// Code: the text of the query in CodeMirror, with names completed and a line that is marked.
//
// It stands in a shadow root: there CodeMirror gives its styles as objects, which the policy
// of the site allows, and not as the text of a style element, which it does not.

import {
  autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus,
  selectedCompletionIndex, setSelectedCompletion, startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-word)", fontWeight: "bold" },
  { tag: tags.standard(tags.variableName), color: "var(--code-word)" },
  { tag: tags.local(tags.variableName), color: "var(--code-variable)" },
  { tag: tags.atom, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: tags.meta, color: "var(--code-text)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const panel = { backgroundColor: "var(--panel)", color: "var(--ink)" };
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "0.94rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Noto Sans Mono", monospace', maxHeight: "max(16rem, 45vh)" },
  ".cm-content": { minHeight: "14rem", caretColor: "var(--ink)" },
  ".cm-gutters": { ...panel, minHeight: "14rem", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-wrong": { backgroundColor: "var(--mark)", boxShadow: "inset 3px 0 var(--accent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { ...panel, border: "1px solid var(--edge)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "16rem", minWidth: "min(24rem, 90vw)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--link)",
    color: "var(--paper)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-completionIcon": { opacity: "1" },
  ".cm-completionIcon-thing:after": { content: "'◆'" },
});

const mark = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(found, transaction) {
    if (transaction.docChanged) found = Decoration.none;
    for (const effect of transaction.effects) {
      if (!effect.is(mark)) continue;
      const { doc } = transaction.state;
      const known = effect.value >= 1 && effect.value <= doc.lines;
      found = known
        ? Decoration.set([Decoration.line({ class: "cm-wrong" }).range(doc.line(effect.value).from)])
        : Decoration.none;
    }
    return found;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// What is written over a selection is put into the text here: Chromium would give it the style
// of what it replaces, in an attribute that the policy of the site refuses.
function writeOver(event, view) {
  const { ranges, main } = view.state.selection;
  const { inputType, data } = event;
  if (inputType !== "insertText" || !data || main.empty || ranges.length > 1) return false;
  const change = () =>
    view.state.update(view.state.replaceSelection(data), {
      userEvent: "input.type",
      scrollIntoView: true,
    });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, main.from, main.to, data, change))) {
    view.dispatch(change());
  }
  event.preventDefault();
  return true;
}

// A list that opens by itself has nothing selected, so that Enter breaks the line; one that was
// asked for has its first entry selected, which Enter takes.
function askForNames() {
  let asked = false;
  const ask = (view) => ((asked = true), startCompletion(view));
  const select = EditorView.updateListener.of(({ state, view }) => {
    if (!asked || completionStatus(state) === "pending") return;
    asked = false;
    if (completionStatus(state) !== "active" || selectedCompletionIndex(state) !== null) return;
    queueMicrotask(() => view.dispatch({ effects: setSelectedCompletion(0) }));
  });
  return [Prec.highest(keymap.of([{ key: "Ctrl-Space", run: ask }])), select];
}

/** Return the editor of a query in a place: `text`, `change`, `mark`, `indent`, `focus`. */
export function makeCode(place, { text, label, phrases, complete, run, changed }) {
  const tab = new Compartment();
  const root = place.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.phrases.of(phrases),
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]),
        tab.of([]),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        bracketMatching(),
        closeBrackets(),
        askForNames(),
        autocompletion({
          override: [complete], icons: true, maxRenderedOptions: 50, selectOnOpen: false, interactionDelay: 0,
        }),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        marked,
        look,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorView.domEventHandlers({ beforeinput: writeOver }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    change: (changes) => view.dispatch({ changes }),
    mark: (line) => view.dispatch({ effects: mark.of(line) }),
    indent: (on) => view.dispatch({ effects: tab.reconfigure(on ? keymap.of([indentWithTab]) : []) }),
    focus: () => view.focus(),
  };
}
