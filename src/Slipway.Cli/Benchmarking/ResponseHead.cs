using System.Buffers.Text;

namespace Slipway.Cli.Benchmarking;

/// <summary>What has to be known of an HTTP/1.1 answer's header to find its end.</summary>
/// <param name="Status">Status code.</param>
/// <param name="ContentLength">Bytes of the body; 0 when it is chunked or there is none.</param>
/// <param name="IsChunked">Whether the body comes in chunks.</param>
/// <param name="Closes">Whether the server closes the connection after it.</param>
internal readonly record struct ResponseHead(int Status, long ContentLength, bool IsChunked, bool Closes)
{
    /// <summary>Reads the status line and the header lines, each ending in CR LF.</summary>
    /// <exception cref="InvalidDataException">It is not an HTTP/1.1 answer.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
        {
            throw new InvalidDataException("the server did not answer in HTTP/1.1");
        }

        long length = 0;
        bool chunked = false, closes = false;
        for (ReadOnlySpan<byte> rest = head; rest.IndexOf("\r\n"u8) is >= 0 and var end; rest = rest[(end + 2)..])
        {
            ReadOnlySpan<byte> line = rest[..end];
            if (ValueOf(line, "content-length:"u8, out ReadOnlySpan<byte> value))
            {
                length = Utf8Parser.TryParse(value, out long parsed, out _) ? parsed : throw new InvalidDataException("the answer's length is not a number");
            }
            else if (ValueOf(line, "transfer-encoding:"u8, out value))
            {
                chunked = value.IndexOf("chunked"u8) >= 0;
            }
            else if (ValueOf(line, "connection:"u8, out value))
            {
                closes = value.IndexOf("close"u8) >= 0;
            }
        }

        return new ResponseHead(status, length, chunked, closes);
    }

    private static bool ValueOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (line.Length < name.Length)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if ((line[i] | 0x20) != (name[i] | 0x20))
            {
                return false;
            }
        }

        value = line[name.Length..].TrimStart((byte)' ');
        return true;
    }
}
