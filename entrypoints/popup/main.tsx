import { Popup } from '../../src/ui/Popup.tsx'
import { start } from '../../src/ui/start.tsx'

start(<Popup />)
