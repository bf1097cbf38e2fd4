import { Overlay } from '../../src/ui/Overlay.tsx'
import { start } from '../../src/ui/start.tsx'

start(<Overlay />)
