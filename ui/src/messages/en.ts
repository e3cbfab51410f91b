// English: the catalogue that says which messages there are.

import type { SentenceKey } from '../call/sentences';
import type { Message } from './message';

export const en = {
  'lobby.guest': 'Guest',
  'lobby.title': 'Talk face to face on your own network',
  'lobby.subtitle': 'No account, and no internet needed.',
  'lobby.title-invited': 'You are invited to a call',
  'lobby.name': 'Your name',
  'lobby.create': 'Create a room',
  'lobby.create-hint': 'Others on your network join by its ID, or by a link in any browser.',
  'lobby.or': 'or join one',
  'lobby.room': 'Room ID or invite link',
  'lobby.room-hint': 'The ID has nine digits, for example 482\u00a0193\u00a0775.',
  'lobby.join': 'Join',
  'lobby.preview': 'Preview',
  'lobby.offer-create': 'You can also create a room of your own.',
  'lobby.opens-browser': 'This window shows who is in the room. The call itself opens in your browser.',
  'lobby.asking': 'Allow the camera and the microphone when you are asked.',

  'joining.title': 'Entering the room…',
  'joining.cancel': 'Cancel',

  'control.microphone': 'Microphone',
  'control.camera': 'Camera',
  'control.invite': 'Invite',
  'control.leave': 'Leave',
  'control.level': 'Microphone level',
  'control.bar': 'Call controls',

  'call.title': 'Call',
  'call.room-id': 'Room ID',
  'call.people-of': {
    one: '{count} person of at most {capacity}',
    other: '{count} people of at most {capacity}',
  },
  'call.sound-blocked': 'The browser holds the sound back until you allow it.',
  'call.play-sound': 'Play sound',
  'call.reconnecting': 'Reconnecting to the room. Those you see and hear stay with you.',
  'call.lost': 'The room has not answered for a while. It is being tried again until you leave.',

  'tile.you': 'You',
  'tile.muted': 'Microphone off',
  'tile.camera-off': 'Camera off',
  'tile.connecting': 'Connecting…',
  'tile.reconnecting': 'Reconnecting…',
  'tile.failed': 'Not connected.',
  'tile.failed-hint': 'A firewall may be in the way.',

  'invite.title': 'Invite others',
  'invite.alone': 'Nobody else is here yet',
  'invite.how':
    'Share the room ID with people who have the app. Everybody else opens the link or scans the code.',
  'invite.link': 'Invite link',
  'invite.qr': 'QR code',
  'invite.warning':
    'The browser warns once about the certificate, for no authority knows this machine. Whoever wants to be sure compares the fingerprint.',
  'invite.fingerprint': 'Certificate fingerprint',
  'invite.copy-id': 'Copy room ID',
  'invite.copy-link': 'Copy invite link',
  'invite.copied-id': 'Room ID copied',
  'invite.copied-link': 'Invite link copied',
  'invite.not-copied': 'Copying is not allowed here. Select the text and copy it by hand.',
  'invite.host': 'Hosted by {name}',
  'invite.here-only': 'This machine is on no network now: the link works in browsers on this machine only.',
  'invite.none': 'This machine is on no network now, so nobody can get in. The link appears when it is back.',

  'observing.title': 'The room is open',
  'observing.how':
    'This window cannot carry the call itself. Join in your browser to see and hear the others.',
  'observing.join': 'Join in your browser',
  'observing.people': 'In the room',
  'observing.nobody': 'Nobody is in the room yet.',

  'ended.title': 'The call has ended',
  'ended.left': 'You left the room.',
  'ended.back': 'Back to the lobby',

  'problem.dismiss': 'Dismiss',
  'problem.retry': 'Try again',
  'problem.no-webrtc':
    'This browser cannot make video calls. Use a current version of Chrome, Edge, Firefox or Safari.',
  'problem.room-missing': 'Type the room ID or paste the invite link first.',
  'problem.link-invalid': 'This is neither a room ID nor an invite link. A room ID has nine digits.',
  'problem.server-unreachable':
    'The host cannot be reached. Check that both machines are on the same network.',
  'problem.room-ended': 'The room is over.',
  'problem.host-stopped': 'The host has closed the room.',
  'problem.browser-failed': 'The browser could not be opened. Copy the invite link and open it there.',

  'error.malformed-json': 'The app sent something that the host cannot read. Reload the page.',
  'error.not-text': 'The app sent something that the host cannot read. Reload the page.',
  'error.too-large': 'The app sent more than the host accepts. Reload the page.',
  'error.unknown-message': 'The host does not know this request. One of the two apps is older: update it.',
  'error.invalid-field': 'The host does not accept this entry. Check your name and the room ID.',
  'error.hello-expected': 'The connection began wrongly. Reload the page.',
  'error.version-mismatch':
    'This page and the host’s app have different versions. Update the older one, then reload.',
  'error.wrong-token': 'This page no longer belongs to a running app. Open it again from the app.',
  'error.not-allowed': 'Only the person at the host’s machine can do this.',
  'error.not-joined': 'You are not in a room. Join one first.',
  'error.already-joined': 'You are in a room already. Leave it first.',
  'error.unknown-room': 'There is no room with this ID. Check the digits, and that its host is still there.',
  'error.room-full': 'The room is full. Try again when somebody has left.',
  'error.unknown-participant': 'That participant is no longer in the room.',
  'error.try-later': 'Too many attempts. Try again in {seconds} s.',
  'error.too-many-rooms': 'This host cannot hold more rooms. Try again later.',
  'error.sequence-gap': 'A message got lost on the way. Join again.',
  'error.timed-out': 'The host heard nothing from this page for too long. Join again.',
  'error.replaced': 'The call goes on in another page.',
  'error.too-slow': 'This page could not keep up with the room. Join again.',
  'error.internal': 'Something went wrong at the host, and the room is over. Create a new one.',

  'device.camera.not-found': 'No camera was found. Connect one and try again, or join without a picture.',
  'device.camera.busy':
    'The camera is in use by another program. Close that and try again, or join without a picture.',
  'device.camera.denied':
    'The camera is not allowed. Allow it in the settings of your browser or system and try again, or join without a picture.',
  'device.camera.insecure':
    'The camera works only on a secure page. Open the invite link as it was sent, beginning with https, or join without a picture.',
  'device.camera.unsupported': 'This browser gives no access to a camera. You can join without a picture.',
  'device.camera.failed': 'The camera does not start. Reconnect it and try again, or join without a picture.',
  'device.microphone.not-found': 'No microphone was found. Connect one and try again, or join and listen.',
  'device.microphone.busy':
    'The microphone is in use by another program. Close that and try again, or join and listen.',
  'device.microphone.denied':
    'The microphone is not allowed. Allow it in the settings of your browser or system and try again, or join and listen.',
  'device.microphone.insecure':
    'The microphone works only on a secure page. Open the invite link as it was sent, beginning with https, or join and listen.',
  'device.microphone.unsupported': 'This browser gives no access to a microphone. You can join and listen.',
  'device.microphone.failed':
    'The microphone does not start. Reconnect it and try again, or join and listen.',

  'device.both.not-found':
    'No camera and no microphone were found. Connect them and try again, or join, see and listen.',
  'device.both.busy':
    'Camera and microphone are in use by another program. Close that and try again, or join, see and listen.',
  'device.both.denied':
    'Camera and microphone are not allowed. Allow them in the settings of your browser or system and try again, or join, see and listen.',
  'device.both.insecure':
    'Camera and microphone work only on a secure page. Open the invite link as it was sent, beginning with https, or join, see and listen.',
  'device.both.unsupported':
    'This browser gives no access to a camera or a microphone. You can join, see and listen.',
  'device.both.failed':
    'Camera and microphone do not start. Reconnect them and try again, or join, see and listen.',

  'say.joined': '{name} joined',
  'say.left': '{name} left',
  'say.lost': '{name} lost the connection and is gone',
  'say.reconnecting': '{name} is reconnecting',
  'say.back': '{name} is back',
  'say.entered': 'You are in the room',
  'say.microphone-on': 'Microphone on',
  'say.microphone-off': 'Microphone off',
  'say.camera-on': 'Camera on',
  'say.camera-off': 'Camera off',
  'say.link-lost': 'Connection to the room lost, reconnecting',
  'say.link-back': 'Connected to the room again',
} satisfies Record<SentenceKey, Message> & Record<string, Message>;
