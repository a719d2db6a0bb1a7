using Slipway.Security.Tests.Hosting;

namespace Slipway.Security.Tests.Attacks;

/// <summary>Requests whose end two readers could see in two places: refused, and nothing behind them is read.</summary>
public sealed class SmugglingTests
{
    private const string Hidden = "GET /v2/models/credit HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 0\r\nContent-Length: 44\r\n")]
    [InlineData("Content-Length: 4, 44\r\n")]
    [InlineData("Content-Length: -1\r\n")]
    [InlineData("Content-Length: 0x4\r\n")]
    [InlineData("Content-Length: 4 4\r\n")]
    [InlineData("Content-Length: 99999999999999999999\r\n")]
    [InlineData("Content-Length : 4\r\n")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")]
    [InlineData("Transfer-Encoding: identity\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked, gzip\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n")]
    [InlineData(" Transfer-Encoding: chunked\r\n")]
    [InlineData("X: 1\r\n folded: 2\r\n")]
    [InlineData("X: a\0b\r\n")]
    [InlineData("X\0: a\r\n")]
    [InlineData("X: a\rTransfer-Encoding: chunked\r\n")]
    [InlineData("Host: other\r\n")]
    [InlineData(": empty\r\n")]
    public async Task A_request_with_two_ends_is_refused_and_the_connection_closed(string headers)
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options => options.Security.RequireAuthentication = false);
        string answer = await RawConnection.SendAsync(
            server.Server.Addresses["http"], $"POST /v2/models/fraud-eu/infer HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n0\r\n\r\n{Hidden}");
        Assert.Equal("400", string.Join(",", RawConnection.StatusesOf(answer)));
    }

    [Theory]
    [InlineData("GET /v2/models\r\n\r\n")]
    [InlineData("GET /v2/models HTTP/0.9\r\n\r\n")]
    [InlineData("GET /v2/models HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v2/models HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET /v2/models HTTP/1.1\r\nHost: a/b\r\n\r\n")]
    [InlineData("GET  /v2/models HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v2/mo dels HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("G\u0001T /v2/models HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001")]
    public async Task What_is_no_request_is_refused(string bytes)
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options => options.Security.RequireAuthentication = false);
        int[] statuses = RawConnection.StatusesOf(await RawConnection.SendAsync(server.Server.Addresses["http"], bytes));
        Assert.True(statuses is [] or [400 or 505], string.Join(',', statuses));
    }
}
