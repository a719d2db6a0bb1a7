using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.Tests.Grpc;

public sealed class GrpcStatusMessageTests
{
    [Theory]
    [InlineData("plain text, as it is: [1,2] {x}~", "plain text, as it is: [1,2] {x}~")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb\r", "a%0Ab%0D")]
    [InlineData("ü", "%C3%BC")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("", "")]
    public void Encode_escapes_what_a_header_cannot_carry(string message, string encoded) => Assert.Equal(encoded, GrpcStatusMessage.Encode(message));

    [Fact]
    public void Encode_replaces_half_a_character() => Assert.Equal("%EF%BF%BD", GrpcStatusMessage.Encode("\ud800"));

    [Fact]
    public void Encode_cuts_a_long_message_between_characters()
    {
        string message = new string('a', GrpcStatusMessage.MaxLength - 1) + "😀 and more";
        Assert.Equal(new string('a', GrpcStatusMessage.MaxLength - 1), GrpcStatusMessage.Encode(message));
    }
}
