// How a web page uses Keyhearth, from asking to decrypting. Nothing else is needed: no library, no key.

const element = (id) => document.getElementById(id)
const say = (words) => {
  element('status').textContent = words
}

// Ask, from a click. Keyhearth answers with its provider once the person has allowed it; where there is
// no Keyhearth, or the person says no, nothing ever comes back, so a page must not wait for it.
function requestKeyhearth() {
  return new Promise((resolve) => {
    addEventListener('keyhearth:provider', (event) => resolve(event.detail), { once: true })
    dispatchEvent(new CustomEvent('keyhearth:request', { detail: { rights: ['messages'] } }))
  })
}

function connected(keyhearth) {
  element('connect').disabled = true
  element('encrypt').disabled = false
  element('decrypt').disabled = false
  say(`Connected to Keyhearth ${keyhearth.version}.`)
  keyhearth.addEventListener('lock', () => say('Keyhearth is locked. It will ask you to unlock.'))
  keyhearth.addEventListener('unlock', () => say('Keyhearth is unlocked.'))
}

element('connect').addEventListener('click', async () => {
  say('Asking Keyhearth…')
  connected(await requestKeyhearth())
})

// On a page that was allowed for good, the provider is there from the start.
if (window.keyhearth) connected(window.keyhearth)

async function change(work) {
  const note = element('note')
  try {
    note.value = await work(note.value)
    say('Done.')
  } catch (error) {
    say(`${error.name}: ${error.message}`)
  }
}

element('encrypt').addEventListener('click', () => {
  change((text) => window.keyhearth.encrypt(text, { encryptionContext: { kind: 'note' } }))
})
element('decrypt').addEventListener('click', () => {
  change(async (text) => (await window.keyhearth.decrypt(text)).plaintext)
})
