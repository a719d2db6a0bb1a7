using System.Text;
using Slipway.Cli.Benchmarking;

namespace Slipway.Cli.Tests.Benchmarking;

public sealed class HttpAnswerTests
{
    [Fact]
    public void Status_length_and_connection_are_read_whatever_the_case()
    {
        ResponseHead head = ResponseHead.Parse("HTTP/1.1 429 Too Many Requests\r\ncontent-LENGTH: 12\r\nConnection: Close, x\r\n"u8);
        Assert.Equal((429, 12L, false), (head.Status, head.ContentLength, head.IsChunked));

        head = ResponseHead.Parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nconnection: close\r\n"u8);
        Assert.Equal((200, 0L, true, true), (head.Status, head.ContentLength, head.IsChunked, head.Closes));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("HTTP/1.1 abc\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n")]
    public void Anything_else_is_refused(string head) => Assert.Throws<InvalidDataException>(() => ResponseHead.Parse(Encoding.ASCII.GetBytes(head)));

    [Theory]
    [InlineData("0\r\n\r\n")]
    [InlineData("3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("a;x=y\r\n0123456789\r\n1\r\n\n\r\n0\r\n\r\n")]
    [InlineData("1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n")]
    public void A_chunked_body_ends_where_it_ends_however_it_is_cut(string body)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(body);
        for (int step = 1; step <= bytes.Length; step++)
        {
            ChunkedEnd end = new();
            bool done = false;
            for (int at = 0; at < bytes.Length; at += step)
            {
                Assert.False(done);
                done = end.Feed(bytes.AsSpan(at, Math.Min(step, bytes.Length - at)));
            }

            Assert.True(done);
        }
    }
}
