// A page that uses `keyhearth/page`: types, and one function to ask.

import { connectedKeyhearth, connectKeyhearth, type KeyhearthProvider } from 'keyhearth/page'

const at = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type
const entry = at<HTMLTextAreaElement>('entry')
const status = at('status')

async function toggle(keyhearth: KeyhearthProvider): Promise<void> {
  const sealed = entry.value.includes('BEGIN KEYHEARTH MESSAGE')
  entry.value = sealed
    ? (await keyhearth.decrypt(entry.value)).plaintext
    : await keyhearth.encrypt(entry.value, { encryptionContext: { kind: 'entry' } })
}

function connected(keyhearth: KeyhearthProvider): void {
  status.textContent = `Connected to Keyhearth ${keyhearth.version}.`
  const button = at<HTMLButtonElement>('toggle')
  button.disabled = false
  button.onclick = () =>
    toggle(keyhearth).catch((error: Error) => {
      status.textContent = `${error.name}: ${error.message}`
    })
}

const present = connectedKeyhearth()
if (present) connected(present)
at('connect').onclick = async () => connected(await connectKeyhearth(['messages']))
