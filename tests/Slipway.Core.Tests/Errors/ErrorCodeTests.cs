namespace Slipway.Core.Tests.Errors;

public sealed class ErrorCodeTests
{
    // Stored and sent: when this fails, a number was changed or a member added. Add at the end; never renumber.
    [Fact]
    public void Numbers_are_frozen() => Assert.Equal(
        [
            "Internal=0", "InvalidRequest=1", "ShapeMismatch=2", "ModelNotFound=3", "VersionNotFound=4", "ModelNotReady=5", "ModelFailed=6",
            "InvalidModel=7", "Overloaded=8", "RateLimited=9", "DeadlineExceeded=10", "Cancelled=11", "PayloadTooLarge=12", "NotSupported=13",
            "Unauthenticated=14", "PermissionDenied=15", "AlreadyExists=16", "VersionConflict=17", "FailedPrecondition=18", "InvalidConfiguration=19",
            "NotFound=20", "StoreUnavailable=21",
        ],
        Enum.GetValues<ErrorCode>().Select(code => $"{code}={(int)code}"));

    [Fact]
    public void States_are_frozen() => Assert.Equal(
        ["Unknown=0", "Loading=1", "Warming=2", "Ready=3", "Draining=4", "Unloaded=5", "Failed=6"],
        Enum.GetValues<ServableState>().Select(state => $"{state}={(int)state}"));

    [Theory]
    [InlineData(ErrorCode.Overloaded, true)]
    [InlineData(ErrorCode.ModelNotReady, true)]
    [InlineData(ErrorCode.StoreUnavailable, true)]
    [InlineData(ErrorCode.InvalidRequest, false)]
    [InlineData(ErrorCode.ModelNotFound, false)]
    public void IsTransient_says_whether_the_same_request_may_succeed_later(ErrorCode code, bool transient) =>
        Assert.Equal(transient, new SlipwayException(code, "x").IsTransient);
}
