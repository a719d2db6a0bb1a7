namespace Slipway.Pmml.Tests;

/// <summary>Small documents of known meaning.</summary>
internal static class PmmlTexts
{
    /// <summary>y = 1 + 2 a + 3 b + (c is 'x': 10, 'y': 20).</summary>
    public const string Regression = """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
          <Header><Application name="hand" version="1"/></Header>
          <DataDictionary>
            <DataField name="a" optype="continuous" dataType="double"/>
            <DataField name="b" optype="continuous" dataType="integer"/>
            <DataField name="c" optype="categorical" dataType="string"><Value value="x"/><Value value="y"/><Value value="z"/></DataField>
            <DataField name="y" optype="continuous" dataType="double"/>
          </DataDictionary>
          <RegressionModel functionName="regression">
            <MiningSchema>
              <MiningField name="a"/><MiningField name="b"/><MiningField name="c"/><MiningField name="y" usageType="target"/>
            </MiningSchema>
            <Output><OutputField name="twice" feature="transformedValue" dataType="double" optype="continuous"><Apply function="*"><Constant>2</Constant><FieldRef field="y"/></Apply></OutputField></Output>
            <RegressionTable intercept="1">
              <NumericPredictor name="a" coefficient="2"/><NumericPredictor name="b" coefficient="3"/>
              <CategoricalPredictor name="c" value="x" coefficient="10"/><CategoricalPredictor name="c" value="y" coefficient="20"/>
            </RegressionTable>
          </RegressionModel>
        </PMML>
        """;

    /// <summary>A document with one model.</summary>
    /// <param name="fields">Elements of the data dictionary.</param>
    /// <param name="model">The model.</param>
    /// <param name="transformations">Elements of the transformation dictionary.</param>
    public static string Document(string fields, string model, string transformations = "") => $"""
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/>
        <DataDictionary>{fields}</DataDictionary><TransformationDictionary>{transformations}</TransformationDictionary>{model}</PMML>
        """;

    /// <summary>A regression whose value is one derived field.</summary>
    /// <param name="expression">The field's expression over the numbers <c>a</c> and <c>b</c> and the text <c>s</c>.</param>
    /// <param name="transformations">Elements of the transformation dictionary.</param>
    /// <param name="schema">The mining fields.</param>
    public static string Expression(string expression, string transformations = "", string schema = """<MiningField name="a"/><MiningField name="b"/><MiningField name="s"/>""") => Document(
        """<DataField name="a" optype="continuous" dataType="double"/><DataField name="b" optype="continuous" dataType="double"/><DataField name="s" optype="categorical" dataType="string"/>""",
        $"""
        <RegressionModel functionName="regression"><MiningSchema>{schema}</MiningSchema>
        <LocalTransformations><DerivedField name="d" optype="continuous" dataType="double">{expression}</DerivedField></LocalTransformations>
        <RegressionTable intercept="0"><NumericPredictor name="d" coefficient="1"/></RegressionTable></RegressionModel>
        """,
        transformations);
}
