// The editors people write in on the web, as their makers show them, each with a document of its own behind what
// is seen. Runs in a page; `window.editor` is the one the page asked for.

import { createEmptyHistoryState, registerHistory } from '@lexical/history'
import { registerPlainText } from '@lexical/plain-text'
import { registerRichText } from '@lexical/rich-text'
import { basicSetup, EditorView as CodeMirror } from 'codemirror'
import { $createParagraphNode, $createTextNode, $getRoot, createEditor } from 'lexical'
import { baseKeymap } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import { schema } from 'prosemirror-schema-basic'
import { EditorState } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import Quill from 'quill'

export interface Editor {
  /** All text of its own document, one line for each of its paragraphs. */
  text(): string
}

declare global {
  interface Window {
    editor: Editor
    openEditor: typeof openEditor
  }
}

const place = () => document.querySelector<HTMLElement>('#place') ?? document.body

function proseMirror(words: string): Editor {
  const doc = schema.node('doc', null, [schema.node('paragraph', null, [schema.text(words)])])
  const plugins = [history(), keymap({ 'Mod-z': undo, 'Mod-y': redo }), keymap(baseKeymap)]
  const view = new EditorView(place(), { state: EditorState.create({ doc, plugins }) })
  return { text: () => view.state.doc.textBetween(0, view.state.doc.content.size, '\n', '\n') }
}

function lexical(
  words: string,
  register: typeof registerRichText | typeof registerPlainText,
): Editor {
  const host = document.createElement('div')
  host.contentEditable = 'true'
  place().append(host)
  const editor = createEditor({
    namespace: 'test',
    onError: (error) => {
      throw error
    },
  })
  editor.setRootElement(host)
  register(editor)
  registerHistory(editor, createEmptyHistoryState(), 0)
  editor.update(
    () =>
      $getRoot()
        .clear()
        .append($createParagraphNode().append($createTextNode(words))),
    { discrete: true },
  )
  return {
    text: () => editor.getEditorState().read(() => $getRoot().getTextContent()),
  }
}

function quill(words: string): Editor {
  const editor = new Quill(place(), { modules: { history: { delay: 0 } } })
  editor.setText(words)
  editor.history.clear()
  return { text: () => editor.getText() }
}

function codeMirror(words: string): Editor {
  const view = new CodeMirror({ doc: words, extensions: [basicSetup], parent: place() })
  return { text: () => view.state.doc.toString() }
}

const editors = {
  ProseMirror: proseMirror,
  'Lexical, rich text': (words: string) => lexical(words, registerRichText),
  'Lexical, plain text': (words: string) => lexical(words, registerPlainText),
  Quill: quill,
  CodeMirror: codeMirror,
} as const

export type EditorName = keyof typeof editors

export function openEditor(name: EditorName, words: string): void {
  window.editor = editors[name](words)
}
window.openEditor = openEditor
