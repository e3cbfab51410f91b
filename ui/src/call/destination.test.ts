import { expect, test } from 'vitest';
import { destinationOf } from './destination';

const ROOM = '482193775';
const OWN_PAGE = { origin: 'tauri://localhost', reachesHosts: true };
const GUESTS_PAGE = { origin: 'https://192.0.2.7:7443', reachesHosts: false };

test.each([
  [`https://192.0.2.7:7443/#${ROOM}`, '192.0.2.7:7443'],
  [`https://192.0.2.7/#${ROOM}`, '192.0.2.7:443'],
  [`https://[2001:DB8::7]/#${ROOM}`, '[2001:db8::7]:443'],
  [`https://Ada.LOCAL:7443/#${ROOM}`, 'ada.local:7443'],
  [`192.0.2.7:7443 ${ROOM}`, '192.0.2.7:7443'],
  [`visavis://ada-s.house.local:7443/#${ROOM}`, 'ada-s.house.local:7443'],
])('the person’s own server looks for the host of %s', (typed, at) => {
  expect(destinationOf(typed, OWN_PAGE)).toEqual({ kind: 'room', room: ROOM, at });
});

test.each([
  'https://example.com:7443',
  'https://localhost:7443',
  'https://local:7443',
  'https://a_b.local',
  'https://ada.local.',
  'https://ada.local.example.com',
  'https://192.0.2.7.example.com',
  `https://${'a'.repeat(64)}.local`,
  `https://${'abc.'.repeat(63)}local`,
])('a name that is not of the local network leads nowhere: %s', (origin) => {
  const destination = { kind: 'nowhere', problem: 'problem.link-elsewhere' };
  expect(destinationOf(`${origin}/#${ROOM}`, OWN_PAGE)).toEqual(destination);
});

test.each([`https://192.0.2.8:7443/#${ROOM}`, `https://example.com/#${ROOM}`])(
  'a guest’s page goes to %s',
  (link) => {
    expect(destinationOf(link, GUESTS_PAGE)).toEqual({ kind: 'page', link });
  },
);

test.each([OWN_PAGE, GUESTS_PAGE])('an ID, and a link to where the page came from, stay here: %o', (page) => {
  expect(destinationOf(ROOM, page)).toEqual({ kind: 'room', room: ROOM });
  const own = { ...page, origin: GUESTS_PAGE.origin };
  expect(destinationOf(`${GUESTS_PAGE.origin}/#${ROOM}`, own)).toEqual({ kind: 'room', room: ROOM });
});

test.each([
  ['', 'problem.room-missing'],
  ['javascript:alert(1)', 'problem.link-invalid'],
])('%j leads nowhere', (typed, problem) => {
  expect(destinationOf(typed, OWN_PAGE)).toEqual({ kind: 'nowhere', problem });
});
