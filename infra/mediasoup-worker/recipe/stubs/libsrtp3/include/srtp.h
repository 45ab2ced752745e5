/*
 * libsrtp 3's calls on top of the system's libsrtp 2.
 *
 * Version 3 reads one buffer and writes another; version 2 works in place. Each function below copies the packet when
 * the two differ, makes sure that what version 2 may append fits, and lets it work in place.
 */
#ifndef SWITCHROOM_SRTP_3_ON_2_H
#define SWITCHROOM_SRTP_3_ON_2_H

#include <srtp2/srtp.h>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Error codes that version 3 added. The enum's last value in version 2 is 27, so 28 and 29 are within its range.
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr auto srtp_err_status_cryptex_err = static_cast<srtp_err_status_t>(29);

namespace switchroom_srtp
{
	// SRTCP carries its index (4 bytes) besides the tag.
	constexpr size_t RtpTrailer = SRTP_MAX_TRAILER_LEN;
	constexpr size_t RtcpTrailer = SRTP_MAX_TRAILER_LEN + 4;

	template<typename InPlace>
	inline srtp_err_status_t outOfPlace(
	  const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t trailer, InPlace inPlace)
	{
		if (inLen > static_cast<size_t>(INT_MAX))
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < inLen || *outLen - inLen < trailer)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memmove(out, in, inLen);
		}

		int len = static_cast<int>(inLen);
		const srtp_err_status_t status = inPlace(out, &len);

		if (status == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(len);
		}

		return status;
	}
} // namespace switchroom_srtp

inline srtp_err_status_t srtp_protect(
  srtp_t ctx, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return switchroom_srtp::outOfPlace(
	  rtp,
	  rtpLen,
	  srtp,
	  srtpLen,
	  switchroom_srtp::RtpTrailer,
	  [ctx](uint8_t* packet, int* len) { return ::srtp_protect(ctx, packet, len); });
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t ctx, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return switchroom_srtp::outOfPlace(
	  srtp,
	  srtpLen,
	  rtp,
	  rtpLen,
	  0,
	  [ctx](uint8_t* packet, int* len) { return ::srtp_unprotect(ctx, packet, len); });
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return switchroom_srtp::outOfPlace(
	  rtcp,
	  rtcpLen,
	  srtcp,
	  srtcpLen,
	  switchroom_srtp::RtcpTrailer,
	  [ctx](uint8_t* packet, int* len) { return ::srtp_protect_rtcp(ctx, packet, len); });
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return switchroom_srtp::outOfPlace(
	  srtcp,
	  srtcpLen,
	  rtcp,
	  rtcpLen,
	  0,
	  [ctx](uint8_t* packet, int* len) { return ::srtp_unprotect_rtcp(ctx, packet, len); });
}

inline srtp_err_status_t srtp_stream_remove(srtp_t ctx, uint32_t ssrc)
{
	return ::srtp_remove_stream(ctx, ssrc);
}

#endif
