using Slipway.Server.Listeners;

namespace Slipway.Server.Tests.Listeners;

public sealed class ListenerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080", true)]
    [InlineData("localhost:0", "127.0.0.1:0", true)]
    [InlineData("[::1]:1", "[::1]:1", true)]
    [InlineData("0.0.0.0:65535", "0.0.0.0:65535", false)]
    [InlineData("*:80", "[::]:80", false)]
    [InlineData("192.168.0.7:80", "192.168.0.7:80", false)]
    public void A_host_and_port_are_read(string text, string expected, bool loopback)
    {
        Assert.True(ListenerAddress.TryParse(text, out ListenerAddress address));
        Assert.Equal(expected, address.ToString());
        Assert.Equal(loopback, address.IsLoopback);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("127.1:80")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("example.com:80")]
    [InlineData("http://127.0.0.1:80")]
    public void Anything_else_is_refused(string? text) => Assert.False(ListenerAddress.TryParse(text, out _));
}
