// English: the catalogue that says which messages there are.

import type { SentenceKey } from '../call/sentences';
import type { Message } from './message';

export const en = {
  /** The language itself, for those who can read no other. */
  'language.name': 'English',

  'lobby.guest': 'Guest',
  'lobby.title': 'Talk face to face on your own network',
  'lobby.subtitle': 'No account, and no internet needed.',
  'lobby.title-invited': 'You are invited to a call',
  'lobby.title-unsupported': 'Another browser is needed',
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
  'lobby.devices': 'Devices',
  'lobby.colour-is': 'Your colour: {colour}',
  'lobby.profile': 'This is how the others see you. It is kept on this device.',
  'lobby.camera-off': 'Your camera is off',
  'lobby.asking': 'Allow the camera and the microphone when you are asked.',

  'joining.title': 'Entering the room…',
  'joining.searching': 'Looking for the room on the network…',
  'joining.reconnecting': 'The room does not answer. It is being tried again…',
  'joining.intercepted':
    'Somebody on the network stands between you and the host. Nothing was sent to them, and it is being tried again.',
  'joining.cancel': 'Cancel',

  'control.microphone': 'Microphone',
  'control.camera': 'Camera',
  'control.switch-camera': 'Switch camera',
  'control.invite': 'Invite',
  'control.leave': 'Leave',
  'control.level': 'Microphone level',
  'control.share': 'Share screen',
  'control.react': 'React',
  'control.hand': 'Raise hand',
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
  'call.searching': 'Looking for the room’s host on the network. Those you see and hear stay with you.',
  'call.intercepted':
    'Somebody on the network stands between you and the host. Nothing was sent to them, and it is being tried again. Those you see and hear stay with you.',
  'call.moved':
    'The host does not answer. Its address may have changed: ask for the new link, or scan the code again. Meanwhile those you see and hear may stay with you.',
  'call.lost': 'The room has not answered for a while. It is being tried again until you leave.',

  'reaction.all': 'Reactions',
  'reaction.thumbs-up': 'Thumbs up',
  'reaction.clap': 'Applause',
  'reaction.heart': 'Heart',
  'reaction.laugh': 'Laughter',
  'reaction.surprise': 'Surprise',
  'reaction.party': 'Celebration',
  'hands.title': 'Raised hands',
  'share.title': 'You are sharing',
  'share.with-sound': 'with sound',
  'share.content': 'What it shows',
  'share.text': 'Text',
  'share.text-hint': 'Sharp: for documents and slides',
  'share.motion': 'Motion',
  'share.motion-hint': 'Smooth: for films and games',
  'share.stop': 'Stop sharing',
  'talk.muted': 'You are muted.',
  'talk.hold': 'Hold the space bar to talk.',
  'talk.unmute': 'Turn on the microphone',
  'shortcuts.title': 'Keyboard shortcuts',
  'shortcuts.close': 'Close keyboard shortcuts',
  'shortcuts.microphone': 'Microphone on or off',
  'shortcuts.camera': 'Camera on or off',
  'shortcuts.share': 'Share the screen, or stop',
  'shortcuts.hand': 'Raise the hand, or take it down',
  'shortcuts.help': 'Show this list',
  'shortcuts.talk': 'Talk while it is held',
  'shortcuts.space': 'Space',
  'shortcuts.escape': 'Close what is open',
  'shortcuts.enabled': 'Use keyboard shortcuts',
  'shortcuts.enabled-hint': 'Turn them off if you dictate, or press keys by mistake.',

  'tile.you': 'You',
  'tile.muted': 'Microphone off',
  'tile.camera-off': 'Camera off',
  'tile.connecting': 'Connecting…',
  'tile.reconnecting': 'Reconnecting…',
  'tile.failed': 'Not connected.',
  'tile.failed-hint': 'A firewall may be in the way.',
  'tile.closed': 'Connection closed.',
  'tile.dropped-hint': 'This device sent what no call sends.',
  'tile.untrusted-hint': 'This device could not prove that it is the one that was invited.',

  'tile.screen': '{name}’s screen',
  'tile.own-screen': 'Your screen',
  'tile.hand': 'Hand raised, number {count}',
  'tile.quality-good': 'Good connection',
  'tile.quality-fair': 'Fair connection',
  'tile.quality-poor': 'Poor connection',
  'tile.pin': 'Pin {name}',
  'tile.picture-in-picture': 'Picture in picture: {name}',
  'tile.hide-own': 'Hide your picture',
  'tile.move-own': 'Move your picture',
  'tile.move-own-how': 'The arrow keys move it; pressed, it goes to the next corner.',
  'tile.own-is-hidden': 'Your picture is hidden. “Layout” shows it again.',

  'layout.title': 'Layout',
  'layout.grid': 'Grid',
  'layout.speaker': 'Speaker',
  'layout.strip': 'One large',
  'layout.own': 'Your picture',
  'layout.own-placed': 'Among the others',
  'layout.own-floating': 'Floating',
  'layout.own-hidden': 'Hidden',
  'layout.full-screen': 'Full screen',

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

  'question.join': 'Join room {room}?',
  'question.link': 'A link asked to open this room.',
  'question.host': 'It leads to the machine at {host}.',
  'question.leaves': 'You will leave the room you are in.',
  'question.not-now': 'Not now',
  'question.close': 'Close and leave the room?',
  'question.close-rooms': 'Close and end the room?',
  'question.ends': 'The room ends for everybody.',
  'question.goes-on': 'The others stay in the room.',
  'question.close-now': 'Close',
  'question.stay': 'Stay',

  'notice.settings-set-aside':
    'Your settings could not be read, so the usual ones are used. The old file is kept as {file}.',
  'notice.settings-not-saved':
    'Your settings could not be saved. They count until you quit; make room on the disk and change one again.',
  'notice.port-taken':
    'Port {port} is used by another program, so port {used} serves instead. To use your own, quit that program or set another port.',
  'notice.interface-missing':
    'The network interface {name} is not there, so all are used. Connect it, or choose another one in the settings.',
  'notice.no-network':
    'This machine is on no network, so nobody else can join. Connect it; the app notices by itself.',
  'notice.intercepted':
    'Somebody on this network stood between this machine and an app that wanted to join. Nobody was let in that way. If it comes again, use another network.',
  'notice.guessed-at':
    'Somebody is trying out room IDs on this machine. Newcomers may have to wait a little; who is in a room notices nothing.',

  'settings.title': 'Settings',
  'settings.close': 'Close settings',
  'settings.you': 'You',
  'settings.name': 'Name',
  'settings.name-hint': 'What others see. A new name counts from the next room on.',
  'settings.colour': 'Colour',
  'settings.colour-hint': 'Marks you where you have no picture.',
  'settings.devices': 'Devices',
  'settings.speaker': 'Speaker',
  'settings.test-sound': 'Test sound',
  'settings.test-sound-plays': 'You should hear three notes now',
  'settings.device-system': 'Chosen by the system',
  'settings.device-number': '{kind} {number}',
  'settings.device-missing': 'Your choice, not connected now',
  'settings.look': 'Look',
  'settings.language': 'Language',
  'settings.theme': 'Theme',
  'settings.as-system': 'As the system',
  'settings.theme-light': 'Light',
  'settings.theme-dark': 'Dark',
  'settings.network': 'Network',
  'settings.automatic': 'Automatic',
  'settings.interface': 'Network interface',
  'settings.interface-hint':
    'How others reach this machine. Choose one if links and codes show an address that others cannot use.',
  'settings.interface-virtual': 'virtual',
  'settings.interface-missing': 'not there now',
  'settings.port': 'Port',
  'settings.port-hint':
    'Part of the invite link. Set one (1024 to 65535) if your firewall lets only that one through.',
  'settings.visible': 'Reachable without a room',
  'settings.visible-hint':
    'Guests can open this machine’s page even while no room is open. Otherwise it is there only while you host one.',
  'settings.ice': 'STUN and TURN servers',
  'settings.ice-hint':
    'Help media across networks that have no direct way. On one network none is needed, and none is used unless you add it.',
  'settings.ice-add': 'Add a server',
  'settings.ice-remove': 'Remove {server}',
  'settings.ice-address': 'Server address',
  'settings.ice-address-hint':
    'For example turn:192.0.2.7:3478. Several addresses of one server are separated by spaces.',
  'settings.ice-user': 'User name',
  'settings.ice-password': 'Password',
  'settings.add': 'Add',
  'settings.window': 'Window',
  'settings.tray': 'Stay in the tray when closed',
  'settings.tray-hint': 'A room you are in goes on. To end the app, choose Quit in the tray.',
  'settings.no-tray': 'This desktop has no tray, so closing the window ends the app.',
  'settings.diagnosis': 'Diagnosis',
  'settings.log': 'Log file',
  'settings.log-hint':
    'More helps to find a fault. Names, addresses and room IDs are never written, whatever you choose.',
  'settings.log-error': 'Errors only',
  'settings.log-warn': 'Errors and warnings',
  'settings.log-info': 'Normal',
  'settings.log-debug': 'Detailed',
  'settings.log-trace': 'Everything',

  'colour.automatic': 'Automatic',
  'colour.red': 'Red',
  'colour.orange': 'Orange',
  'colour.yellow': 'Yellow',
  'colour.green': 'Green',
  'colour.teal': 'Teal',
  'colour.blue': 'Blue',
  'colour.purple': 'Purple',
  'colour.pink': 'Pink',

  'setting.name': 'A name has at most {count} characters, and only such that can be seen.',
  'setting.port': 'A port is a number from {first} to {last}. Leave the field empty for any free one.',
  'setting.ice-url':
    'An address begins with stun: or turn:, followed by a name or address and perhaps a port, such as stun:192.0.2.7:3478. At most four belong to one server.',
  'setting.ice-secret': 'A TURN server needs a user name and a password.',
  'setting.ice-many': {
    one: 'At most {count} server can be set.',
    other: 'At most {count} servers can be set.',
  },
  'setting.other': 'This cannot be set. What was set before stays.',

  'tray.room': 'Room {room}',
  'tray.no-room': 'In no room',
  'tray.open': 'Open',
  'tray.leave': 'Leave',
  'tray.quit': 'Quit',

  'help.title': 'Help',
  'help.others': 'When others cannot get in',
  'help.same-network':
    'Both machines have to be on the same network. A guest Wi-Fi or a VPN often keeps them apart.',
  'help.firewall':
    'If a firewall asks whether Vis-à-vis may be reached, allow it; if it never asked, allow the app in its settings.',
  'help.link':
    'If the room ID is not found, send the invite link. A browser warns once about its certificate, which is expected.',
  'help.media':
    'If somebody is in the room but their picture does not come, a firewall between the two machines stops it.',
  'help.report': 'Report',
  'help.report-hint':
    'For those who mend the app. This text is all that is copied: no names, no addresses, no room IDs.',
  'help.copy': 'Copy a report',
  'help.copied': 'Report copied',
  'help.version': 'Version {version}',

  'observing.title': 'The room is open',
  'observing.how':
    'This window cannot carry the call itself. Join in your browser to see and hear the others.',
  'observing.join': 'Join in your browser',
  'observing.people': 'In the room',
  'observing.nobody': 'Nobody is in the room yet.',

  'ended.title': 'The call has ended',
  'ended.left': 'You left the room.',
  'ended.again': 'As long as somebody is in it, you can join it again.',
  'ended.back': 'Back to the lobby',

  'problem.dismiss': 'Dismiss',
  'problem.retry': 'Try again',
  'problem.no-webrtc':
    'This browser cannot make video calls. Use a current version of Chrome, Edge, Firefox or Safari.',
  'problem.room-missing': 'Type the room ID or paste the invite link first.',
  'problem.link-invalid': 'This is neither a room ID nor an invite link. A room ID has nine digits.',
  'problem.link-elsewhere':
    'The name in this link cannot be looked up on the local network. Use the room ID, or a link with an IP address or a name that ends in .local.',
  'problem.no-app-found':
    'No other app answered on this network. It may block the search: paste the invite link, or type the host’s address before the ID, such as 192.0.2.7:7443 482\u00a0193\u00a0775.',
  'problem.no-app-has-room': {
    one: '{count} other app on this network was asked, and it has no room with this ID. Check the digits, and that the host is on this network.',
    other:
      '{count} other apps on this network were asked, and none has a room with this ID. Check the digits, and that the host is on this network.',
  },
  'problem.address-silent':
    'No app that this one can talk to answers at this address, and no other on this network does. Check the address, that the host is on this network, and that its app is up to date.',
  'problem.address-silent-others': {
    one: 'No app that this one can talk to answers at this address, and the {count} other app on this network has no room with this ID. Check the address and the digits.',
    other:
      'No app that this one can talk to answers at this address, and none of the {count} other apps on this network has a room with this ID. Check the address and the digits.',
  },
  'problem.address-without-room':
    'The app at this address has no room with this ID. Check the digits, and that the room is still open.',
  'problem.server-unreachable':
    'The host cannot be reached. Check that both machines are on the same network.',
  'problem.own-server':
    'The app cannot reach its own server. It keeps trying; if this stays, quit the app and start it again.',
  'problem.room-ended': 'The room is over. To go on talking, somebody has to open a new one.',
  'problem.host-stopped': 'The host has closed the room. To go on talking, somebody has to open a new one.',
  'problem.share-failed': 'The browser could not share this. Choose another window or the whole screen.',
  'problem.browser-failed': 'The browser could not be opened. Copy the invite link and open it there.',

  'error.malformed-json': 'The app sent something that the host cannot read. Reload the page.',
  'error.not-text': 'The app sent something that the host cannot read. Reload the page.',
  'error.too-large': 'The app sent more than the host accepts. Reload the page.',
  'error.unknown-message': 'The host does not know this request. One of the two apps is older: update it.',
  'error.invalid-field': 'The host does not accept this entry. Check your name and the room ID.',
  'error.hello-expected': 'The connection began wrongly. Reload the page.',
  'error.version-mismatch':
    'Your app and the host’s have different versions. Update the app on both machines; in a browser, then reload the page.',
  'error.wrong-token': 'This page no longer belongs to a running app. Open it again from the app.',
  'error.not-allowed': 'Only the person at the host’s machine can do this.',
  'error.not-joined': 'You are not in a room. Join one first.',
  'error.already-joined': 'You are in a room already. Leave it first.',
  'error.unknown-room': 'There is no room with this ID. Check the digits, and that its host is still there.',
  'error.host-unreachable':
    'The room’s host does not answer. Check that its machine is on and on this network, then try again.',
  'error.intercepted':
    'Somebody on the network stands between you and the host, so the connection was refused. Nothing was sent to them. Try another network, or get the invite link from the host in person.',
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

  'lost.camera.unplugged':
    '{device} was disconnected, so the others do not see you. Connect it again, and it is used at once.',
  'lost.camera.taken':
    '{device} is in use by another program, so the others do not see you. Close that, and your picture comes back.',
  'lost.camera.paused':
    '{device} is held back by the system or another program, so the others do not see you for now. It goes on by itself.',
  'lost.microphone.unplugged':
    '{device} was disconnected, so the others do not hear you. Connect it again, and it is used at once.',
  'lost.microphone.taken':
    '{device} is in use by another program, so the others do not hear you. Close that, and your sound comes back.',
  'lost.microphone.paused':
    '{device} is held back by the system or another program, so the others do not hear you for now. It goes on by itself.',
  'lost.instead.unplugged': '{device} was disconnected. {instead} is used until it is back.',
  'lost.instead.taken': '{device} is in use by another program. {instead} is used until it is free.',
  'lost.another': 'Another one',

  'effort.machine-pixels':
    'This machine has much to do, so the others get a smaller picture of you. Your sound stays as it is.',
  'effort.machine-frames':
    'This machine has much to do, so the others get fewer frames of you. Closing other programs helps; your sound stays as it is.',
  'effort.machine-off':
    'This machine cannot carry your picture now, so the others only hear you. It is tried again by itself.',
  'effort.network-pixels':
    'The network carries little now, so the others get a smaller picture of you. Your sound stays as it is.',
  'effort.network-frames':
    'The network carries little now, so the others get fewer frames of you. Moving closer to the router helps; your sound stays as it is.',
  'effort.network-off':
    'The network cannot carry your picture now, so some of the others only hear you. It is tried again by itself.',
  'crowd.last': {
    one: 'This machine carries {count} person well. With one more, pictures get smaller or fewer.',
    other: 'This machine carries {count} people well. With one more, pictures get smaller or fewer.',
  },
  'crowd.over': {
    one: 'This machine carries {count} person well, and more are here. If pictures falter, turn your camera off.',
    other:
      'This machine carries {count} people well, and more are here. If pictures falter, turn your camera off.',
  },

  'say.joined': '{name} joined',
  'say.left': '{name} left',
  'say.lost': '{name} lost the connection and is gone',
  'say.reconnecting': '{name} is reconnecting',
  'say.back': '{name} is back',
  'say.hand-up': '{name} raised a hand',
  'say.hand-down': '{name} took the hand down',
  'say.other-shares': '{name} shares a screen',
  'say.other-shares-no-more': '{name} no longer shares a screen',
  'say.reaction.thumbs-up': '{name}: thumbs up',
  'say.reaction.clap': '{name} applauds',
  'say.reaction.heart': '{name} sends a heart',
  'say.reaction.laugh': '{name} laughs',
  'say.reaction.surprise': '{name} is surprised',
  'say.reaction.party': '{name} celebrates',
  'say.own-hand-up': 'Your hand is up',
  'say.own-hand-down': 'Your hand is down',
  'say.share-on': 'You are sharing',
  'say.share-off': 'You are no longer sharing',
  'say.dropped': 'The connection to {name} was closed: that device sent what no call sends',
  'say.untrusted': 'The connection to {name} was closed: that device is not the one that was invited',
  'say.entered': 'You are in the room',
  'say.microphone-on': 'Microphone on',
  'say.microphone-off': 'Microphone off',
  'say.camera-on': 'Camera on',
  'say.camera-off': 'Camera off',
  'say.camera-user': 'Front camera',
  'say.camera-environment': 'Back camera',
  'say.link-back': 'Connected to the room again',
  'say.effort-full': 'Your picture is sent in full again',
  'say.device-back': '{device} is in use again',
} satisfies Record<SentenceKey, Message> & Record<string, Message>;

export default en;
