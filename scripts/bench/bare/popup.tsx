// The bare extension of the bench: the least popup a Preact extension can have.

import { render } from 'preact'

const root = document.getElementById('app')
if (root) render(<h1>Hello</h1>, root)
