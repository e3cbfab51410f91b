//! Data channels over str0m's: what waits to be sent waits here, so that no write is refused.

use std::collections::{BTreeMap, VecDeque};

use str0m::Rtc;
use str0m::channel::{ChannelConfig, ChannelData, ChannelId, Reliability};

use crate::wire::limits::{CHANNEL_BUFFER_BYTES, CHANNEL_TEXT_BYTES, CHANNELS, REMOTE_CHANNELS_FROM};
use crate::wire::{ChannelOptions, ChannelStats};

use super::event::Event;
use super::negotiation::NEGOTIATED_IDS;

/// What SCTP may have on its way without a word of the other side, however slow the way: one packet. str0m tells
/// only what was acknowledged; of what it holds, so much has gone out already.
const ON_ITS_WAY_BYTES: usize = 1_100;

/// One data channel.
struct Channel {
    id: ChannelId,
    options: ChannelOptions,
    negotiated: Option<u16>,
    open: bool,
    /// Nothing more is taken for sending; it closes once all is sent.
    closing: bool,
    waiting: VecDeque<(bool, Box<[u8]>)>,
    waiting_bytes: usize,
    /// Given to str0m, and not yet told as sent.
    unsent: usize,
    low: usize,
    was_above_low: bool,
    stats: ChannelStats,
}

impl Channel {
    fn new(channel: u32, id: ChannelId, options: ChannelOptions, negotiated: Option<u16>) -> Self {
        let stats = ChannelStats {
            channel,
            messages_sent: 0,
            bytes_sent: 0,
            messages_received: 0,
            bytes_received: 0,
        };
        Self {
            id,
            options,
            negotiated,
            open: false,
            closing: false,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            unsent: 0,
            low: 0,
            was_above_low: false,
            stats,
        }
    }
}

/// Longest label and protocol together, in bytes, of a channel that is opened from here: str0m says that in 1,500 bytes,
/// 12 of which are the rest of the message (RFC 8832, section 5.1), and panics on more.
const TOLD_TEXT_BYTES: usize = 1_500 - 12;

/// All data channels of a connection.
#[derive(Default)]
pub struct Channels {
    /// By the number that the page knows.
    channels: BTreeMap<u32, Channel>,
    remote_opened: u32,
    opened: u32,
    closed: u32,
}

impl Channels {
    /// Opens a channel once there is a way for it. `false`: that cannot be.
    pub fn open(
        &mut self,
        rtc: &mut Rtc,
        number: u32,
        options: ChannelOptions,
        negotiated: Option<u16>,
    ) -> bool {
        let taken = |id: u16| {
            self.channels.values().any(|channel| channel.negotiated == Some(id))
                || rtc.direct_api().channel_id_by_sctp_stream_id(id).is_some()
        };
        let texts = [&options.label, &options.protocol].map(String::len);
        // What both sides agreed on elsewhere is not said.
        let untold = negotiated.is_none() && texts.iter().sum::<usize>() > TOLD_TEXT_BYTES;
        let long = untold || texts.iter().any(|&length| length > CHANNEL_TEXT_BYTES);
        let refused = self.channels.len() >= CHANNELS
            || number >= REMOTE_CHANNELS_FROM
            || self.channels.contains_key(&number)
            || long;
        if refused || negotiated.is_some_and(|id| id >= NEGOTIATED_IDS) || negotiated.is_some_and(taken) {
            return false;
        }
        let config = ChannelConfig {
            label: options.label.clone(),
            ordered: options.ordered,
            reliability: match (options.max_retransmits, options.max_packet_life_time) {
                (Some(retransmits), _) => Reliability::MaxRetransmits { retransmits },
                (None, Some(lifetime)) => Reliability::MaxPacketLifetime { lifetime },
                (None, None) => Reliability::Reliable,
            },
            negotiated,
            protocol: options.protocol.clone(),
        };
        let id = rtc.direct_api().create_data_channel(config);
        self.channels.insert(number, Channel::new(number, id, options, negotiated));
        true
    }

    /// Takes a message. `false`: the channel holds too much and is to be closed.
    pub fn send(&mut self, number: u32, binary: bool, data: &[u8]) -> bool {
        let Some(channel) = self.channels.get_mut(&number).filter(|channel| !channel.closing) else {
            return true;
        };
        if channel.waiting_bytes + data.len() > CHANNEL_BUFFER_BYTES {
            return false;
        }
        channel.waiting_bytes += data.len();
        channel.waiting.push_back((binary, data.into()));
        true
    }

    /// Closes a channel once all is sent. Tells whether it is closed already.
    pub fn close(&mut self, number: u32) -> bool {
        let Some(channel) = self.channels.get_mut(&number) else { return false };
        channel.closing = true;
        if channel.open {
            return false;
        }
        // str0m has no way to take back what it has not opened yet: it is closed when it opens.
        channel.waiting.clear();
        channel.waiting_bytes = 0;
        true
    }

    /// See [`crate::wire::PageMessage::LowThreshold`].
    pub fn set_low(&mut self, number: u32, bytes: u32) {
        if let Some(channel) = self.channels.get_mut(&number) {
            channel.low = bytes as usize;
        }
    }

    /// A channel can be used.
    pub fn handle_open(&mut self, rtc: &mut Rtc, id: ChannelId) -> Option<Event> {
        let stream = rtc.direct_api().sctp_stream_id_by_channel_id(id)?;
        if stream >= NEGOTIATED_IDS {
            return None;
        }
        let known = self.channels.iter().find(|(_, channel)| channel.id == id).map(|(number, _)| *number);
        let number = match known {
            Some(number) => number,
            None if self.channels.len() >= CHANNELS => {
                rtc.direct_api().close_data_channel(id);
                return None;
            }
            None => {
                let options = rtc.channel(id)?.config().map(options)?;
                let number = REMOTE_CHANNELS_FROM.checked_add(self.remote_opened)?;
                self.remote_opened += 1;
                self.channels.insert(number, Channel::new(number, id, options, None));
                number
            }
        };
        let channel = self.channels.get_mut(&number)?;
        if channel.closing {
            rtc.direct_api().close_data_channel(id);
            self.channels.remove(&number);
            return None;
        }
        channel.open = true;
        self.opened += 1;
        let options = channel.options.clone();
        Some(Event::ChannelOpened { channel: number, options, id: stream, remote: known.is_none() })
    }

    /// A message came.
    pub fn handle_data(&mut self, message: ChannelData) -> Option<Event> {
        let (number, channel) = self.channels.iter_mut().find(|(_, channel)| channel.id == message.id)?;
        if !message.binary && std::str::from_utf8(&message.data).is_err() {
            return None;
        }
        channel.stats.messages_received += 1;
        channel.stats.bytes_received += message.data.len() as u64;
        Some(Event::ChannelMessage { channel: *number, binary: message.binary, data: message.data })
    }

    /// A channel has ended.
    pub fn handle_close(&mut self, id: ChannelId) -> Option<Event> {
        let number = self.channels.iter().find(|(_, channel)| channel.id == id).map(|(number, _)| *number)?;
        self.channels.remove(&number);
        self.closed += 1;
        Some(Event::ChannelClosed { channel: number })
    }

    /// All channels have ended with the connection.
    pub fn handle_end(&mut self) -> Vec<Event> {
        let ended = std::mem::take(&mut self.channels);
        self.closed += ended.values().filter(|channel| channel.open).count() as u32;
        ended.into_keys().map(|channel| Event::ChannelClosed { channel }).collect()
    }

    /// Gives str0m what it takes, and tells what has gone out. `true`: str0m has something to do.
    pub fn flush(&mut self, rtc: &mut Rtc, events: &mut VecDeque<Event>) -> bool {
        let mut gave = false;
        let mut on_its_way = ON_ITS_WAY_BYTES;
        for (number, channel) in self.channels.iter_mut().filter(|(_, channel)| channel.open) {
            let Some(mut out) = rtc.channel(channel.id) else { continue };
            while let Some((binary, data)) = channel.waiting.front() {
                match out.write(*binary, data) {
                    Ok(true) => {}
                    Ok(false) => break,
                    // Longer than the other side takes: W3C has the channel closed.
                    Err(_) => {
                        channel.closing = true;
                        channel.waiting.clear();
                        channel.waiting_bytes = 0;
                        break;
                    }
                }
                channel.stats.messages_sent += 1;
                channel.stats.bytes_sent += data.len() as u64;
                channel.waiting_bytes -= data.len();
                channel.unsent += data.len();
                channel.waiting.pop_front();
                gave = true;
            }
            let buffered = out.buffered_amount();
            let waits = buffered.saturating_sub(on_its_way);
            on_its_way -= buffered - waits;
            let sent = channel.unsent.saturating_sub(waits);
            if sent > 0 {
                channel.unsent = waits;
                events.push_back(Event::ChannelSent { channel: *number, bytes: sent as u32 });
            }
            let above = channel.waiting_bytes + channel.unsent > channel.low;
            if channel.was_above_low && !above {
                events.push_back(Event::ChannelLow { channel: *number });
            }
            channel.was_above_low = above;
            if channel.closing && channel.waiting.is_empty() && buffered == 0 {
                channel.open = false;
                rtc.direct_api().close_data_channel(channel.id);
                gave = true;
            }
        }
        gave
    }

    /// The figures of those that are open.
    pub fn stats(&self) -> Vec<ChannelStats> {
        self.channels.values().filter(|channel| channel.open).map(|channel| channel.stats.clone()).collect()
    }

    /// How many were ever open, and how many of them are closed.
    pub fn totals(&self) -> (u32, u32) {
        (self.opened, self.closed)
    }
}

fn options(config: &ChannelConfig) -> ChannelOptions {
    let (max_retransmits, max_packet_life_time) = match config.reliability {
        Reliability::Reliable => (None, None),
        Reliability::MaxRetransmits { retransmits } => (Some(retransmits), None),
        Reliability::MaxPacketLifetime { lifetime } => (None, Some(lifetime)),
    };
    ChannelOptions {
        label: config.label.clone(),
        protocol: config.protocol.clone(),
        ordered: config.ordered,
        max_retransmits,
        max_packet_life_time,
    }
}
