use std::collections::BTreeMap;
use std::num::NonZeroU32;

use rand_core::CryptoRng;
use visavis_protocol::{ErrorCode, ParticipantId, RoomId};

use crate::connection::Place;
use crate::member::Member;
use crate::room::Room;

/// The rooms that there are, by ID.
#[derive(Default)]
pub(crate) struct Rooms {
    by_id: BTreeMap<RoomId, Room>,
}

impl Rooms {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn contains(&self, id: RoomId) -> bool {
        self.by_id.contains_key(&id)
    }

    /// The room with this tag: there is one at most.
    pub(crate) fn with_tag(&self, tag: u16) -> Option<RoomId> {
        let first = RoomId::from_parts(tag, 0)?;
        let (id, _) = self.by_id.range(first..).next()?;
        (id.tag() == tag).then_some(*id)
    }

    pub(crate) fn insert(&mut self, id: RoomId, room: Room) {
        self.by_id.insert(id, room);
    }

    pub(crate) fn get_mut(&mut self, id: RoomId) -> Option<&mut Room> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn remove(&mut self, id: RoomId) -> Option<Room> {
        self.by_id.remove(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Room> {
        self.by_id.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (RoomId, &mut Room)> {
        self.by_id.iter_mut().map(|(id, room)| (*id, room))
    }

    pub(crate) fn clear(&mut self) {
        self.by_id.clear();
    }

    pub(crate) fn remove_those_over(&mut self) {
        self.by_id.retain(|_, room| !room.is_over());
    }

    /// The room of a place, and who it is there.
    pub(crate) fn at(&mut self, place: Option<Place>) -> Result<(&mut Room, ParticipantId), ErrorCode> {
        let place = place.ok_or(ErrorCode::NotJoined)?;
        let room = self.by_id.get_mut(&place.room).ok_or(ErrorCode::NotJoined)?;
        Ok((room, place.member))
    }

    /// Who is at a place.
    pub(crate) fn member_at(&mut self, place: Option<Place>) -> Option<&mut Member> {
        let (room, member) = self.at(place).ok()?;
        room.member_mut(member)
    }

    /// An ID with a tag that no room has, as a tag has to say which room is meant; `None` if each tag has one.
    pub(crate) fn free_id(&self, rng: &mut impl CryptoRng) -> Option<RoomId> {
        let free: Vec<u16> = (0..RoomId::TAGS).filter(|tag| self.with_tag(*tag).is_none()).collect();
        let number = below(NonZeroU32::new(free.len() as u32)?, rng);
        let secret = below(NonZeroU32::new(RoomId::SECRETS)?, rng);
        RoomId::from_parts(*free.get(number as usize)?, secret)
    }
}

/// A number below this one, each equally likely: those above are thrown away.
fn below(end: NonZeroU32, rng: &mut impl CryptoRng) -> u32 {
    let needless_bits = (end.get() - 1).leading_zeros().min(u32::BITS - 1);
    loop {
        let drawn = rng.next_u32() >> needless_bits;
        if drawn < end.get() {
            return drawn;
        }
    }
}
