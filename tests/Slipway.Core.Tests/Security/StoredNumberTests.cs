namespace Slipway.Core.Tests.Security;

/// <summary>Policies and logs on disk hold these numbers: when this fails, give the new member a new number and leave the old ones alone.</summary>
public sealed class StoredNumberTests
{
    [Fact]
    public void Permissions_keep_their_numbers() => Assert.Equal(
        "None=0 Infer=1 ReadModels=2 ManageModels=3 ReadMetrics=4 ReadServer=5 ManageServer=6 ReadRegistry=7 WriteRegistry=8 DeleteRegistry=9 DeployModels=10 "
        + "ApproveVersions=11 ReadAudit=12 ManageAccess=13 ReadMonitoring=14 ManageMonitoring=15 ReadCaptures=16 WriteLabels=17 ManageData=18 AnyCaller=19",
        Numbers<Permission>());

    [Fact]
    public void Audit_outcomes_keep_their_numbers() => Assert.Equal("Done=0 Denied=1 Failed=2", Numbers<AuditOutcome>());

    private static string Numbers<T>()
        where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value)}"));
}
